"""What a second factor leaves in the database: a code accepted once, recovery codes, removal."""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from ramsess.actions.sign_ins import revoke_all
from ramsess.models import Account


def accept_counter(session: Session, account_id: int, counter: int) -> bool:
    """Remember the time step of a code; False when it, or a later one, was accepted already.

    One statement: of two processes that got the same code, one finds the other's.
    """
    accepted = session.execute(
        update(Account)
        .where(
            Account.id == account_id,
            or_(Account.totp_counter.is_(None), Account.totp_counter < counter),
        )
        .values(totp_counter=counter)
        .execution_options(synchronize_session=False)
    )
    return bool(accepted.rowcount)  # type: ignore[attr-defined]  # an UPDATE or DELETE has one


def recovery_hash(secret: str, code: str) -> str:
    """What is kept of a recovery code, however it is typed."""
    plain = "".join(char for char in code.lower() if char.isalnum())
    return hmac.new(secret.encode(), plain.encode(), hashlib.sha256).hexdigest()


def locked_recovery_hashes(session: Session, account: Account) -> list[str]:
    """The account's recovery codes; who reads them next waits for this transaction's end."""
    session.refresh(
        account, attribute_names=["mf_recovery_codes"], with_for_update={"key_share": True}
    )
    return list(account.mf_recovery_codes or [])


def remove_second_factors(session: Session, account: Account) -> None:
    """Forget the app, the keys and the recovery codes, and sign out: a lost phone, say.

    Where a second factor is required, one must be set up at the next sign-in.
    """
    session.scalar(select(Account.id).where(Account.id == account.id).with_for_update())
    account.tf_primary_method = None
    account.tf_totp_secret = None
    account.mf_recovery_codes = None
    account.webauthn.clear()
    revoke_all(session, account.id)
    session.flush()
