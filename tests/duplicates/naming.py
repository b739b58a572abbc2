"""Names as people of the region bear them; nobody in particular is meant.

Two halves: one to set the weights on, the other to measure with, so that no name is in both.
"""

from __future__ import annotations

from random import Random

# Each origin: stems, endings or second parts, women's and men's first names; and its share.
_FRENCH = (
    "Mart Bern Rob Rich Dur Mor Laur Sim Mich Lef Ler Roux Dav Bert Morel Fourn Gir Bonn Dup "
    "Lamb Font Rouss Vinc Mull Faur Andr Merc Blanc Guer Boy Garn Cheval Franc Legr Gauth Garc "
    "Perr Rob Clem Mor Nic Henr Math Mass Marchand Duv Den Dum Mar Lem Noel Mey Duf Meun Brun "
    "Blanch Gir Jol Riv Luc Brunet Gaill Barb Arn Mart Ger Roch Renard Schm Roy Ler Col Vid Car "
    "Pic Rog Fabr Aub Lem Renaud Dum Lac Oliv Phil Bourg Pier Ben Rey Lecl Pay Roll Gil Guill "
    "Lec Chev Berg Poul Adam Vas Monn Bar Berger Brem Tess Aill Cabr",
    "in ard ert ier aud ot eau el et on ier ois and ault ain ière ac as at our al on eaux iol "
    "ey ille",
    "Marie Nathalie Isabelle Sylvie Catherine Martine Christine Valérie Sandrine Stéphanie "
    "Véronique Sophie Céline Chantal Patricia Anne Brigitte Julie Monique Aurélie Laurence "
    "Nicole Dominique Émilie Hélène Élodie Camille Léa Marie-Claude Anne-Sophie Marie-Christine "
    "Jeanne Lucie Agnès Mireille Magali Océane Manon Chloé Clémence Estelle Florence Geneviève "
    "Odile Solange Thérèse",
    "Jean Pierre Michel André Philippe Nicolas Christophe Laurent Frédéric Julien Thierry "
    "Olivier Alain Patrick Éric Sébastien Thomas David Stéphane Jean-Pierre Jean-Luc Jean- "
    "Claude Pascal Daniel Bruno François Guillaume Vincent Antoine Alexandre Maxime Romain "
    "Mathieu Cédric Fabrice Gérard Didier Jérôme Lionel Marcel René Yves Gilles Hugo Louis "
    "Lucas",
    44,
)
_ITALIAN = (
    "Ross Ferr Russ Bianch Roman Colomb Ricc Mar Grec Brun Gall Cont Esposit Cost Giordan Rizz "
    "Lombard Moret Barbier Fontan Santor Marian Rinald Carus Leon Gatt Testa Pellegrin Palumb "
    "Sann Batt Ferrar Orland Cattane Pagan Mont Vital Bernard Silvestr Carb Guid Albert Sorrent "
    "Casan",
    "i ini etti elli o a ucci one acci ato",
    "Giulia Chiara Francesca Lucia Rosa Angela Teresa Carla Antonella Graziella Paola Silvia "
    "Elena Rita Assunta Bianca Marina Daniela Laetitia Sabrina",
    "Marco Enzo Luigi Paolo Giovanni Antonio Salvatore Vincenzo Roberto Mario Franco Carlo "
    "Dominique Ange Toussaint Bruno Serge Aldo Fabio Matteo",
    13,
)
_MAGHREBI = (
    "Ben Amar Bel Kadi Bou Hadj Cher Mans Zid Sal Haddad Rahm Tale Sli Kab Dris Kass Nacer Tah "
    "Bouz Mez Lah Ghez Ziani Brah Moun Sah Yahi Kader Djel Meb Ould Fer Hamm Khel Messa Oua Azz "
    "Toua Slim Char Guer Sadi Dahm Rab Aiss Boudj Hamid Meri Abd",
    "i aoui ani oudi ar ali our ouche ene ouni ek ache allah ia eddine ri",
    "Fatima Khadija Nadia Samira Aïcha Yasmina Leïla Malika Fatiha Zohra Karima Houria Djamila "
    "Farida Soraya Naïma Rachida Latifa Hafida Saïda Zineb Ouarda Hayat Nacera Sabrina Ines "
    "Myriam Amel Hanane Souad",
    "Mohamed Ahmed Karim Mehdi Yacine Rachid Abdelkader Saïd Nourredine Mustapha Youssef Ali "
    "Hamid Kamel Farid Mourad Samir Nabil Omar Brahim Hakim Djamel Abdellah Khaled Hassan "
    "Toufik Sofiane Bilal Walid Rédouane",
    25,
)
_COMORIAN = (
    "Said Ali Mohamed Abdou Ahmed Hassani Ibrahim Mze Soilihi Combo Mbae Houmadi Youssouf "
    "Attoumane Bacar Moussa Djae Issouf Madi Chakira Maoulida Hamada Assoumani Boina Toihir "
    "Mdahoma Msa Abdallah Charif Daroueche Nassur Kari Oumouri Salim Mlanao Bakari",
    "",
    "Hadidja Zaïnaba Mariama Sitti Echata Moinaecha Fatouma Roukia Amina Nouria Zalihata "
    "Chamsia Faouzia Raanti Halima Toiyifa Anziza Salima Moina Zahara",
    "Soilihi Ibrahim Ahamada Combo Abdou Said Ali Youssouf Mohamed Hassani Attoumane Abdallah "
    "Nassur Moussa Bacar Djamal Fahad Kassim Idriss Maoulida",
    10,
)
_ARMENIAN = (
    "Agop Hagop Garabed Sarkis Bedros Krikor Minas Vart Manouk Keuss Der Boghos Tchak Kalfay "
    "Hovann Nazar Torossian Avak Simon Dilan Papaz Kasparian Mikael Azad Balik Terz Ohan Tach "
    "Gul Yeram Bagdass Chahin",
    "ian yan ossian edjian lian dian",
    "Arménouhi Siranouche Anouche Araxie Hasmig Chouchane Knarig Nevart Sona Talar Lusine "
    "Gayané",
    "Hagop Garabed Sarkis Krikor Vartan Aram Levon Hratch Vahé Armen Ara Gaguik",
    8,
)  # fmt: skip
ORIGINS = (_FRENCH, _ITALIAN, _MAGHREBI, _COMORIAN, _ARMENIAN)


class Names:
    def __init__(self, random: Random, half: int) -> None:
        self.random = random
        self.origins = []
        for stems, endings, women, men, share in ORIGINS:
            self.origins.append(
                (
                    sorted(set(stems.split()))[half::2],
                    endings.split() or [""],
                    sorted(set(women.split()))[half::2],
                    sorted(set(men.split()))[half::2],
                    share,
                )
            )

    def draw(self, sex: str, origin: int | None = None) -> tuple[str, str, int]:
        """A last name, a first name, and the origin, for one more of the same family."""
        random = self.random
        if origin is None:
            origin = random.choices(range(len(ORIGINS)), [item[-1] for item in self.origins])[0]
        stems, endings, women, men, _ = self.origins[origin]
        if origin == 3:
            # Two given names make a family's, as on the islands: many bear the same.
            last = " ".join(random.choice(stems) for _ in range(random.choice((1, 2, 2))))
        else:
            last = self._few(stems) + random.choice(endings)
            if origin == 2 and random.random() < 0.15:
                last = random.choice(("Ben ", "El ", "Aït ", "Ould ")) + last
            elif random.random() < 0.2:
                last += random.choice("bdlmnrt") + random.choice(endings)
            if origin == 0 and random.random() < 0.03:
                last += "-" + self._few(stems) + random.choice(endings)
        return last, self._few(women if sex == "F" else men), origin

    def _few(self, names: list[str]) -> str:
        """Some are borne by many, most by few."""
        return names[min(int(self.random.expovariate(3.2 / len(names))), len(names) - 1)]
