"""What the tables hold beside the rules: quartiles, outcomes, territory, keys, evidence."""

from __future__ import annotations

from decimal import Decimal

from tests.counting.builder import Network, column, row

#: Keys that others rely on; to change one is to break their checks.
COLUMNS = {
    "B01": "current previous",
    "B03": "F M NR TOTAL",
    "B04": "N2 N3 N4 N5 N6 N7 NR TOTAL",
    "B05": "persons parcours acts minutes",
    "B06": "ASSO SCOP SCIC CAE SARL SAS EURL EI MICRO GIE MUT FOND COLL IND NR TOTAL",
    "B07": "EME FAI MON FIN DEM CON DEV TOTAL",
    "B10": "acts minutes entries sessions attendances",
    "B11": "sessions known anonymous distinct minutes",
    "B12": "proposed accepted refused closed pending taken_up median_days",
    "B15": "parcours jobs_created jobs_consolidated",
    "B17": "share minutes",
    "B16": "min q1 median q3 max",
    "B18": "persons anonymous",
    "B20": "corrections acts minutes sessions attendances parcours",
    "B21": "acts minutes sessions parcours persons",
}
ROWS = {
    "B01": (
        "parcours_followed parcours_entries parcours_exits persons_accompanied persons_received "
        "anonymous_received acts minutes sessions attendances jobs_created jobs_consolidated"
    ),
    "B02": "start entries exits end followed active",
    "B03": "<18 18-25 26-29 30-44 45-54 55-64 >=65 NR TOTAL",
    "B04": "SAL IND DE1 DE2 ETU RET INA NR TOTAL RSA QPV",
    "B05": "04 05 06 13 83 84 HR NR TOTAL",
    "B06": "AGR ENV CUL SPO EDU SOC SAP HAB COM TOU NUM IAE MOB ART AUT NR TOTAL",
    "B07": "EME FAI MON FIN DEM CON DEV TOTAL",
    "B08": (
        "ACC ACC1 ACC2 ACC3 DIA DIA1 DIA2 DIA3 CSL CSL1 CSL2 CSL3 CSL4 CSL5 CSL6 CSL7 CSL8 CSL9 "
        "COL COL1 COL2 COL3 RES RES1 RES2 RES3 EXP EXP1 EXP2 SUI SUI1 SUI2 SUI3 "
        "PAR PAR1 PAR2 PAR3 TOTAL"
    ),
    "B11": "COL1 COL2 COL3 TOTAL",
    "B13": "1 2 3 TOTAL",
    "B12": "TOTAL",
    "B14": (
        "diagnostics draft contributed validated validations plans actions_planned actions_done "
        "actions_late acts_planned acts_done minutes_planned minutes_done"
    ),
    "B15": "CRE REP CNS DEV EMP FOR REO DLA ABA PDV NR TOTAL",
    "B16": "acts minutes days",
    "B17": "TOTAL",
    "B18": "ACC1 ACC2 ACC3 TOTAL",
    "B19": (
        "persons persons_complete birth_date birth_date_missing sex sex_missing situation "
        "situation_missing education education_missing person_commune person_commune_missing "
        "rsa rsa_missing qpv qpv_missing age "
        "parcours parcours_complete people people_missing sector sector_missing "
        "legal_form legal_form_missing project_commune project_commune_missing "
        "quiet twins late_phase exits outcome outcome_missing jobs "
        "individual individual_complete whom whom_missing act_commune act_commune_missing "
        "modality modality_missing after_exit same "
        "sessions sessions_complete attendance attendance_missing session_commune "
        "session_commune_missing orientations answer answer_missing typed late delay work long_day"
    ),
    "B20": "TOTAL",
    "B21": "DRA DLA FSE DEP VILLE ETAT AUT NF TOTAL",
}
STRUCTURES = (
    "APEAS INTERMADE ACCES ESSOR13 ENERGIE PLACE TETESART PSPORT13 AGODIS BABALEX FSPVA PLATEFORME"
)


def test_keys_are_stable(network: Network) -> None:
    tables = network.report().as_json()["tables"]
    columns = COLUMNS | dict.fromkeys(
        ("B02", "B08", "B09", "B13", "B13S", "B14", "B19"), f"{STRUCTURES} SHARED TOTAL"
    )
    rows = {**ROWS, "B09": ROWS["B08"], "B13S": f"{STRUCTURES} TOTAL"}
    months = " ".join(f"2009-{month:02d}" for month in range(1, 13))
    rows["B10"] = f"{months} TOTAL"
    assert set(tables) - {"B15F"} == set(columns)
    for table_id, keys in columns.items():
        assert tables[table_id]["columns"] == keys.split(), table_id
    for table_id, keys in rows.items():
        assert [item["key"] for item in tables[table_id]["rows"]] == keys.split(), table_id


def test_a_structure_that_is_no_member_has_a_column_when_it_has_a_figure(
    network: Network,
) -> None:
    assert "KADO" not in network.report().as_json()["tables"]["B08"]["columns"]
    network.act("2009-03-02", by={"ana/KADO": 30})
    assert row(network.report(), "B09", "TOTAL") == {"KADO": 30, "TOTAL": 30}


def test_outcomes_and_jobs_of_the_exits(network: Network) -> None:
    network.parcours(
        exited="2009-06-01",
        outcome_code="CRE",
        jobs_created=Decimal("1.25"),
        jobs_consolidated=Decimal("0.5"),
    )
    network.parcours(exited="2009-06-02", outcome_code="CRE", jobs_created=Decimal("0.35"))
    network.parcours(exited="2010-06-02", outcome_code="CRE", jobs_created=Decimal(9))
    report = network.report()
    assert row(report, "B15", "CRE") == {
        "parcours": 2,
        "jobs_created": 1.6,
        "jobs_consolidated": 0.5,
    }
    assert row(report, "B01", "jobs_created") == {"current": 1.6}


def test_funding_by_source_of_the_exits(network: Network) -> None:
    network.parcours(exited="2009-06-01", funding={"REGION": 1_000_050, "ADIE": 300_000})
    network.parcours(funding={"REGION": 99})
    assert column(network.report(), "B15F", "amount") == {
        "REGION": 10000.5,
        "ADIE": 3000.0,
        "TOTAL": 13000.5,
    }


def test_quartiles_interpolate_like_percentile_cont(network: Network) -> None:
    for count in (1, 2, 3, 4):
        parcours = network.parcours(exited="2009-12-01")
        for _ in range(count):
            network.act("2009-03-02", parcours=parcours, by={"ana/APEAS": 30, "bob/APEAS": 15})
    report = network.report()
    assert row(report, "B16", "acts") == {"min": 1, "q1": 1.75, "median": 2.5, "q3": 3.25, "max": 4}
    assert row(report, "B16", "minutes")["median"] == 112.5
    assert row(report, "B16", "days") == dict.fromkeys(("min", "q1", "median", "q3", "max"), 303)


def test_territory_of_persons_parcours_and_acts(network: Network) -> None:
    person = network.person(commune_code="83120")  # in the Var, in Marseille's metropolis
    parcours = network.parcours(person, commune_code="84003")
    network.act("2009-03-02", parcours=parcours)
    network.act("2009-03-03", parcours=parcours, commune_code="13201")
    network.act("2009-03-04")
    report = network.report()
    assert column(report, "B05", "persons") == {"83": 1, "200054807": 1, "TOTAL": 1}
    assert column(report, "B05", "parcours") == {"84": 1, "200040624": 1, "TOTAL": 1}
    assert column(report, "B05", "acts") == {
        "13": 1,
        "200054807": 1,
        "84": 1,
        "200040624": 1,
        "NR": 1,
        "TOTAL": 3,
    }


def test_one_structure_stands_beside_the_network(network: Network) -> None:
    parcours = network.parcours(entered="2008-02-01", others={"PLACE": ("2009-03-01", None)})
    network.act("2009-04-02", parcours=parcours, by={"ana/APEAS": 60, "bob/PLACE": 20})
    network.act("2009-04-03", parcours=parcours, by={"ana/APEAS": 60})
    report = network.report(structure="PLACE")
    assert row(report, "B09", "TOTAL") == {"PLACE": 20, "TOTAL": 140}
    assert row(report, "B10", "TOTAL") == {"acts": 1, "minutes": 20, "entries": 1}
    assert report.beside["B10"].value("TOTAL", "acts") == 2
    assert report.as_json()["network"]["B10"]["rows"][-1]["values"]["minutes"] == 140


def test_every_count_equals_its_list_of_records(network: Network) -> None:
    one, two = network.person(sex_code="F"), network.person()
    parcours = network.parcours(one, others={"PLACE": ("2009-03-01", None)}, exited="2009-11-01")
    network.act("2009-03-02", "ACC1", people=(two,))
    network.act("2009-03-03", parcours=parcours, by={"ana/APEAS": 60, "bob/PLACE": 20})
    network.group_session("2009-05-02", present={"APEAS": (one, two)})
    checked = 0
    for table in network.report().tables:
        for item in table.rows:
            for col in table.columns:
                value = table.value(item.key, col.key)
                counts = table.unit(item, col) == "count" and col.key not in (
                    "SHARED", "change", "attendances", "anonymous", "known"
                )  # fmt: skip
                if counts and value and item.key != "attendances":
                    records = table.records(item.key, col.key)
                    assert sum(len(ids) for ids in records.values()) == value, (table.id, item.key)
                    checked += 1
    assert checked > 70


def test_people_of_a_parcours_helped_from_outside_are_concerned(network: Network) -> None:
    parcours = network.parcours(network.person(), network.person())
    network.act("2009-03-02", parcours=parcours, by={"ana/APEAS": 60, "bob/PLACE": 30})
    report = network.report(structure="PLACE")
    assert row(report, "B21", "DRA") == {"acts": 1, "minutes": 30, "parcours": 1, "persons": 2}
    assert row(report, "B01", "parcours_followed") == {}


def test_a_stay_longer_than_the_parcours_is_counted_as_it_is(network: Network) -> None:
    parcours = network.parcours(
        network.person(),
        entered="2008-02-01",
        exited="2008-12-01",
        others={"PLACE": ("2008-03-01", "2009-06-30")},
    )
    network.act("2009-05-04", parcours=parcours, by={"bob/PLACE": 30})
    report = network.report()
    stays = {"start": 1, "exits": 1, "followed": 1, "active": 1}
    assert column(report, "B02", "PLACE") == column(report, "B02", "SHARED") == stays
    assert column(report, "B02", "TOTAL") == {}
    assert row(report, "B21", "TOTAL") == {"acts": 1, "minutes": 30, "parcours": 1, "persons": 1}
    own = network.report(structure="PLACE")
    assert column(own, "B02", "PLACE") == stays
    assert row(own, "B01", "parcours_followed") == {"current": 1, "previous": 1}
    assert row(own, "B01", "persons_accompanied") == {"current": 1, "previous": 1}
    assert row(own, "B16", "minutes")["median"] == 30
    assert row(own, "B15", "TOTAL") == {}
