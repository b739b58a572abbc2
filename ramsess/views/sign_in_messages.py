"""What Flask-Security says, in French; a test holds that nothing in use is missing."""

from __future__ import annotations

REFUSED_CODE = (
    "Code refusé : il est inexact, trop ancien ou a déjà servi. Attendez que votre application en "
    "montre un nouveau."
)
KEY_REFUSED = "La clé n’a pas été reconnue. Recommencez."
BEGIN_AGAIN = "Cette étape a expiré. Recommencez."

MESSAGES: dict[str, tuple[str, str]] = {
    "ANONYMOUS_USER_REQUIRED": ("Vous êtes déjà connecté·e.", "error"),
    "API_ERROR": ("La demande n’a pas pu être comprise. Recommencez.", "error"),
    "DISABLED_ACCOUNT": ("Ce compte est désactivé.", "error"),
    "EMAIL_NOT_PROVIDED": ("Indiquez votre adresse électronique.", "error"),
    "FORGOT_PASSWORD": ("Mot de passe oublié ?", "info"),
    "GENERIC_AUTHN_FAILED": (
        "Adresse ou mot de passe incorrect. Vérifiez-les, puis recommencez.",
        "error",
    ),
    "GENERIC_RECOVERY": (
        "Si un compte porte cette adresse, un message vient de lui être envoyé.",
        "info",
    ),
    "INVALID_CODE": (REFUSED_CODE, "error"),
    "INVALID_EMAIL_ADDRESS": ("Ce n’est pas une adresse électronique.", "error"),
    "INVALID_INPUT": ("Cette valeur ne convient pas.", "error"),
    "INVALID_INPUT_LENGTH": ("Le texte est trop long.", "error"),
    "INVALID_PASSWORD": ("Le mot de passe est incorrect.", "error"),
    "INVALID_PASSWORD_CODE": ("Le mot de passe ou le code est incorrect.", "error"),
    "INVALID_RECOVERY_CODE": ("Ce code de secours est inexact ou a déjà servi.", "error"),
    "INVALID_REDIRECT": ("L’adresse de retour n’est pas une page de RAMSESS.", "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (
        "Ce lien n’est plus valable : il a déjà servi ou a été remplacé. Demandez-en un nouveau.",
        "error",
    ),
    "LOGIN": ("Connectez-vous pour ouvrir cette page.", "info"),
    "NO_RECOVERY_CODES_SETUP": ("Vous n’avez pas de code de secours.", "info"),
    "PASSWORD_BREACHED": ("Ce mot de passe est connu de tous.", "error"),
    "PASSWORD_BREACHED_SITE_ERROR": ("Le mot de passe n’a pas pu être vérifié.", "error"),
    "PASSWORD_CHANGE": (
        "Votre mot de passe est changé. Vos autres connexions sont fermées.",
        "success",
    ),
    "PASSWORD_INVALID_LENGTH": ("Le mot de passe doit compter au moins 15 caractères.", "error"),
    "PASSWORD_IS_THE_SAME": ("Le nouveau mot de passe est le même que l’ancien.", "error"),
    "PASSWORD_MISMATCH": ("Les deux mots de passe diffèrent.", "error"),
    "PASSWORD_NOT_PROVIDED": ("Indiquez un mot de passe.", "error"),
    "PASSWORD_RESET": ("Votre mot de passe est changé.", "success"),
    "PASSWORD_RESET_EXPIRED": (
        "Ce lien a expiré : il était valable une heure. Demandez-en un nouveau.",
        "error",
    ),
    "PASSWORD_RESET_NO_LOGIN": (
        "Votre mot de passe est changé. Connectez-vous avec le nouveau.",
        "success",
    ),
    "PASSWORD_RESET_REQUEST": (
        "Si un compte porte cette adresse, un message vient de lui être envoyé. Le lien qu’il "
        "contient est valable une heure.",
        "info",
    ),
    "PASSWORD_TOO_SIMPLE": ("Ce mot de passe se devine trop vite.", "error"),
    "REAUTHENTICATION_REQUIRED": (
        "Pour votre sécurité, indiquez de nouveau votre mot de passe.",
        "info",
    ),
    "REAUTHENTICATION_SUCCESSFUL": ("Merci, vous pouvez continuer.", "info"),
    "REFRESH": ("Indiquez de nouveau votre mot de passe.", "info"),
    "RETYPE_PASSWORD_MISMATCH": ("Les deux mots de passe diffèrent.", "error"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": ("Votre second facteur est en place.", "success"),
    "TWO_FACTOR_DISABLED": ("L’application d’authentification est retirée.", "success"),
    "TWO_FACTOR_INVALID_TOKEN": (REFUSED_CODE, "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("Code accepté.", "success"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": ("Choisissez l’un des moyens proposés.", "error"),
    "TWO_FACTOR_PERMISSION_DENIED": ("Commencez par vous connecter.", "error"),
    "TWO_FACTOR_SETUP_EXPIRED": (BEGIN_AGAIN, "error"),
    "UNAUTHENTICATED": ("Connectez-vous pour ouvrir cette page.", "info"),
    "UNAUTHORIZED": ("Cette page n’existe pas, ou vous n’y avez pas accès.", "error"),
    "USER_DOES_NOT_EXIST": ("Adresse ou mot de passe incorrect.", "error"),
    "WEBAUTHN_CREDENTIAL_DELETED": ("La clé « %(name)s » est retirée.", "info"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": ("Cette clé est déjà enregistrée.", "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (KEY_REFUSED, "error"),
    "WEBAUTHN_EXPIRED": (BEGIN_AGAIN, "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (KEY_REFUSED, "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (
        "Le nom de la clé ne peut contenir que des lettres, des chiffres, des espaces et des "
        "tirets.",
        "error",
    ),
    "WEBAUTHN_NAME_INUSE": ("Vous avez déjà une clé de ce nom.", "error"),
    "WEBAUTHN_NAME_NOT_FOUND": ("Vous n’avez pas de clé de ce nom.", "error"),
    "WEBAUTHN_NAME_REQUIRED": ("Donnez un nom à la clé.", "error"),
    "WEBAUTHN_NO_VERIFY": (KEY_REFUSED, "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (KEY_REFUSED, "error"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": ("La clé « %(name)s » est enregistrée.", "success"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (KEY_REFUSED, "error"),
}

# Features that are off: what the library would say of them is never shown.
UNUSED = (
    "ALREADY_CONFIRMED", "CHANGE_EMAIL", "CODE_HAS_BEEN_SENT", "CONFIRM", "EMAIL_ALREADY",
    "EMAIL_CONFIRMED", "FAILED_TO_SEND_CODE", "GENERIC_US", "IDENTITY", "INVALID_CONFIRMATION",
    "INVALID_LOGIN_TOKEN", "LOGIN_E", "OAUTH", "PASSWORDLESS", "PHONE", "REFRESH_TOKEN", "USERNAME",
    "USE_CODE", "US_",
)  # fmt: skip
