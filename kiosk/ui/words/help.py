"""What can be done on each page, in a few sentences: the help that lies over it."""

from __future__ import annotations

from kiosk.desk.appearance import Hand, Palette
from kiosk.desk.state import Screen
from kiosk.ui.words.mark import mark

HELP: dict[Screen, tuple[str, ...]] = {
    Screen.LOCK: (
        mark("Trykk på navnet ditt, og tast PIN-koden."),
        mark("Står ikke navnet ditt der, kan IKT-ansvarlig legge det til."),
        mark("Øverst står det om vekten, skriveren og sendingen virker. Trykk der for å se mer."),
    ),
    Screen.FIND: (
        mark("Skann strekkoden på kortet, eller tast nummeret og fødselsdatoen."),
        mark("Har barnet ikke fått nummer, trykk «Barnet har ikke nummer ennå»."),
        mark("Må noe rettes hos et barn som alt er målt, trykk «Dagens liste»."),
    ),
    Screen.IDENTITY: (
        mark("La foresatte si fornavn og fødselsdato, og se om det er det samme som står her."),
        mark("Er du i tvil, trykk «Nei, søk på nytt». Ingenting er lagret."),
        mark("Tvillinger har samme fødselsdato: Se på fornavnet."),
    ),
    Screen.MEASURE: (
        mark("La vekten stå tom til den viser 0. Legg så barnet på."),
        mark("Når det står «Klar», trykk «Bruk vekten»."),
        mark("Lengde og hodeomkrets skriver du inn. Det du ikke måler, lar du stå tomt."),
        mark("Vil ikke barnet ligge alene, trykk «Med voksen»."),
    ),
    Screen.ENTRY: (
        mark("Skriv tallet slik du leste det av, og trykk «Neste»."),
        mark("Les av en gang til, og skriv tallet på nytt. Slik blir tastefeil oppdaget."),
        mark("Er tallene ulike, begynner du forfra. Ingen av dem er lagret."),
    ),
    Screen.REVIEW: (
        mark("Les navnet, fødselsdatoen og hvert tall."),
        mark("Stemmer noe ikke, trykk «Tilbake». Ingenting er lagret ennå."),
        mark("Med «Lagre» blir målingene lagret på stasjonen og sendt til journalen."),
    ),
    Screen.DONE: (
        mark("Lagret: Målingene er trygge på stasjonen, også om strømmen går."),
        mark("Sendt og mottatt kommer av seg selv. Du trenger ikke vente på dem."),
        mark("Måleark skrives bare ut når foresatte vil ha det."),
        mark("Er noe galt, trykk «Noe er feil». Det som er lagret, blir aldri borte."),
    ),
    Screen.STATUS: (
        mark("Her står det hva som virker, og hva du kan gjøre når noe ikke gjør det."),
        mark("Målinger som venter, er trygge og sendes av seg selv."),
        mark("Det som er merket rødt, må et menneske se på."),
    ),
    Screen.HEARING: (
        mark("Velg protokollen dere følger, og øret du begynner med."),
        mark("Uten en utfylt og godkjent protokoll sier stasjonen bare hva som ble hørt."),
        mark("Du styrer audiometeret selv. Stasjonen lager aldri lyd."),
    ),
    Screen.HEARING_RECORD: (
        mark("Gi tonen på audiometeret, se på barnet, og trykk hva det svarte."),
        mark("Svarte barnet uten at du ga tone, trykk «Uten tone: svarte»."),
        mark("Trykk på en frekvens for å gå tilbake til den eller gi nivået."),
        mark("Hvert svar blir lagret med en gang, også om strømmen går."),
    ),
    Screen.AUDIOGRAM: (
        mark("Se på tegningen før du bekrefter. Ingenting er sendt ennå."),
        mark("Satt hodetelefonen feil vei, trykk «Bytt ører»."),
        mark("Vil du endre et svar, trykk «Tilbake» eller «Angre»."),
    ),
    Screen.RECEIVE: (
        mark("Det som sendes fra audiometeret nå, blir vist som dette barnets."),
        mark("Ligger resultatet her alt, trykk «Bruk». Et annet barns resultat blir stoppet."),
        mark("Ingenting forsvinner før det er lagret eller du trykker «Forkast»."),
    ),
    Screen.HEARING_CHECK: (
        mark("Trykk på en tone når den høres ut som den skal. Trykk en gang til om den er feil."),
        mark("Alle tonene i begge ører må være svart på før sjekken kan lagres."),
        mark("Sjekken stopper ingen test, men står ved siden av dagens resultater."),
    ),
    Screen.RETESTS: (
        mark("Her er barna med en hørselstest som ikke er avsluttet, og hvorfor."),
        mark("Et barn går av listen når en ny test gir svar. En henvisning blir stående."),
        mark("Er det fulgt opp, trykk «Ta av listen», og velg hvorfor."),
    ),
    Screen.PROTOCOL: (
        mark("Fyll inn det som står i helsestasjonens egen retningslinje."),
        mark("Ingenting gjelder før den ansvarlige har trykket «Godkjenn»."),
        mark("Gamle resultater beholder versjonen de fulgte."),
    ),
    Screen.CALIBRATE: (
        mark("Stasjonen lærer hva vekten sender, ved å sammenligne med displayet på vekten."),
        mark("Skriv det displayet viser, med alle siffer, og la vekten være i ro."),
        mark("Ingenting brukes før du har sammenlignet og lagret."),
    ),
    Screen.EQUIPMENT: (
        mark("Her er det som er koblet til. Sett i en kabel, så kommer det hit."),
        mark("Trykk «Sett opp». Én veiing, eller ett ark, viser at det virker."),
        mark("«Ti prøver» sammenligner vekten med displayet, første gang en ny vekt tas i bruk."),
    ),
    Screen.SET_UP: (
        mark("Stasjonen prøver seg fram til hvilken vekt det er. Legg noe på den imens."),
        mark("Skriv det displayet viser. Er stasjonen enig, kan vekten lagres."),
        mark("Ingenting er endret før noen med rett til det har lagret."),
    ),
    Screen.SET_UP_PRINTER: (
        mark("Arket har piler. Tallet på den bredeste linjen med begge piler er bredden."),
        mark("Kom det ikke noe ark, sjekk strøm, papir og lokk, og trykk «Ny prøve»."),
    ),
    Screen.FIRST_DAY: (
        mark("Legg på ti ulike ting, og skriv hver gang det displayet viser."),
        mark("Til slutt skriver du under. Filen forteller prosjektet at vekten er prøvd."),
        mark("Stemmer ett tall ikke, skal vekten ikke brukes før det er løst."),
    ),
    Screen.TODAY: (
        mark("Her er de som er målt i dag. Navnet vises først når du trykker «Vis»."),
        mark("Det som venter på deg fra før, blir stående til det er gjort."),
    ),
    Screen.CHANGE: (
        mark("Er ett tall feil, trykk «Rett» ved det. Det gamle tallet kan fortsatt leses."),
        mark("Er det målt på feil barn, trykk «Feil barn» og finn det riktige."),
        mark("Skal målingene ikke brukes, trykk «Trekk tilbake alt»."),
        mark("Før noe blir endret, får du se hva som skjer."),
    ),
}

PALETTES: dict[Palette, str] = {
    Palette.LIGHT: mark("Vanlige farger"),
    Palette.CONTRAST: mark("Høy kontrast"),
}
HANDS: dict[Hand, str] = {
    Hand.LEFT: mark("Venstre hånd"),
    Hand.RIGHT: mark("Høyre hånd"),
}
