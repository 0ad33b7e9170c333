using System.Collections.Concurrent;
using Todo.Language.Words;

namespace Todo.Language.Analysing.Topics;

/// <summary>
/// Which words speak of which part of life. An entry matches the words it begins; German builds words by joining them, so
/// longer entries also match inside ("Zahnarzttermin"). Entries that end in "=" match only exactly; the bar parts English from German.
/// </summary>
internal static class TopicLexicon
{
    private static readonly (string Topic, string German, string Words)[] s_topics =
    [
        ("work", "Arbeit", """
            meeting report presentation client customer boss colleague deadline office project email= e-mail slides budget deploy release code review= interview
            contract proposal spreadsheet standup sprint backlog invoice= workshop agenda minutes= manager hiring team= quarterly stakeholder roadmap ticket= bug= server= outage= checkout=
            minute-taking onboarding payroll appraisal performance-review kpi okr rollout hotfix staging database= backend frontend api= pipeline refactor
            specification vendor procurement tender pitch newsletter campaign marketing sales= lead= leads= crm keynote webinar supervisor intern= apprentice
            shift= timesheet expense-report expenses retrospective demo= prototype mockup wireframe documentation manual= audit compliance legal= hr= headcount
            offsite handover sign-off press-release
            | besprechung bericht präsentation kunde kundin chef kollege kollegin büro projekt folien angebot= vertrag bewerbung protokoll mitarbeiter abteilung tagesordnung
            sitzung konferenz arbeit= dienstreise quartal server= ausfall=
            einarbeitung lohnabrechnung mitarbeitergespräch zielvereinbarung auslieferung testumgebung datenbank schnittstelle spezifikation lieferant
            einkaufsabteilung ausschreibung kampagne marketing vertrieb praktikant azubi schicht stundenzettel reisekosten rückblick prototyp entwurf dokumentation
            handbuch revision betriebsrat übergabe abnahme pressemitteilung seminarraum beamer kopierer kundentermin jahresabschluss auftrag lastenheft
            """),
        ("home", "Haushalt", """
            clean laundry vacuum dishes kitchen garden lawn repair plumber electrician furniture paint= bathroom garage trash garbage recycling window= plants plant= mow
            dishwasher lightbulb bulb= roof heating landlord bin= bins= tidy iron= curtains shelf sink= pipe= faucet declutter attic basement
            sweep dust= dusting wipe scrub carpet rug= bed= sheets= pillow mattress wardrobe drawer closet bookshelf lamp= door= lock= key= keys= hinge boiler
            radiator insulation gutter chimney fence= shed hedge compost weeds weed= seeds flowerpot mulch oven= stove fridge freezer microwave toaster kettle
            drain= toilet= shower= bathtub tile tiles= grout wallpaper drill= hammer screwdriver ladder doorbell mailbox defrost descale unclog
            | putzen wäsche staubsaug geschirr küche vorhänge rohr= garten rasen reparier klempner handwerker möbel streichen badezimmer müll= mülltonne müllabfuhr fenster pflanzen blumen gieß spülmaschine glühbirne
            dach heizung vermieter aufräumen bügeln regal keller wohnung= altpapier altglas entkalken dachboden
            fegen wischen abstauben teppich bett= bettwäsche kissen matratze kleiderschrank schublade schrank= lampe= tür= türschloss schlüssel scharnier boiler
            dämmung regenrinne dachrinne schornstein zaun= schuppen hecke kompost unkraut samen= blumentopf backofen herd= kühlschrank gefrier mikrowelle toaster
            wasserkocher abfluss toilette dusche badewanne fliesen tapete bohrmaschine hammer= schraube leiter= klingel briefkasten abtauen balkon terrasse
            gardinen reinigen saugen jalousie waschmaschine trockner
            """),
        ("shopping", "Einkauf", """
            buy= bought= groceries grocery supermarket milk= bread= eggs= butter= cheese= vegetables fruit= order= shop= shopping store= gift= present= purchase shoes= jacket= detergent
            coffee= toilet-paper bakery butcher batteries shampoo
            apples bananas tomatoes potatoes onions rice= pasta= flour= sugar= salt= oil= yogurt cereal snacks juice= beer= wine= meat= chicken= fish= sausage
            toothpaste soap= tissues diapers nappies sneakers boots= dress= shirt= jeans coat= socks umbrella headphones charger cable= amazon= ebay= delivery=
            checkout-cart coupon discount voucher
            | kaufen einkauf besorgen supermarkt milch brot eier= butter= käse= gemüse obst bestellen geschenk schuhe jacke waschmittel kaffee= bäcker metzger drogerie batterien toilettenpapier
            lebensmittel
            äpfel bananen tomaten kartoffeln zwiebeln reis= nudeln mehl= zucker= salz= öl= joghurt müsli saft= bier= wein= fleisch= hähnchen fisch= wurst=
            zahnpasta seife= taschentücher windeln stiefel kleid= hemd= mantel= socken regenschirm kopfhörer ladegerät kabel= lieferung gutschein rabatt
            einkaufsliste wocheneinkauf getränke katzenfutter hundefutter
            """),
        ("health", "Gesundheit", """
            doctor dentist pharmacy medicine prescription hospital vaccin checkup check-up therapy therapist appointment= blood x-ray physio pills= vitamins optician clinic
            surgery symptom allergy insulin
            nurse physician gp= dermatolog cardiolog orthoped gynaecolog gynecolog pediatric paediatric ultrasound mri= ct-scan allergies asthma diabetes migraine
            headache backache fever cough vaccine jab= booster= physical= psycholog counsell massage= hearing-aid contact-lenses glasses= braces= dental filling=
            hygiene bandage antibiotics ointment blood-pressure cholesterol sick-note
            | arzt ärztin zahnarzt apotheke medikament rezept= krankenhaus impf vorsorge therapie therapeut blutabnahme blutdruck blutbild blutwert röntgen tabletten vitamine optiker klinik operation allergie
            krankenkasse krankmeldung
            krankenschwester hausarzt hautarzt kardiolog orthopäd gynäkolog kinderarzt ultraschall mrt= asthma diabetes migräne kopfschmerz rückenschmerz fieber
            husten= grippe= auffrischung psycholog beratungsstelle massage hörgerät kontaktlinsen brille= zahnspange füllung= zahnreinigung verband= antibiotika
            salbe= cholesterin reha= kur= physiotherapie heilpraktiker krankschreibung attest= überweisungsschein
            """),
        ("finance", "Finanzen", """
            pay= payment bill= bills= tax taxes= rent= bank insurance loan mortgage savings credit refund salary invoice receipt transfer= pension budget= invest stocks= fees= fee=
            subscription accountant
            debit= iban direct-debit standing-order paycheck wages bonus= bookkeeping ledger dividend etf= fund= funds= shares= broker crypto bitcoin inheritance
            will-and-testament deduct deductible vat= irs= hmrc= customs= fine= fines= premium= payout cash= atm= wallet= price= prices= costs= utility utilities
            electricity-bill gas-bill water-bill phone-bill afford debt= debts= loans= interest= refinance escrow
            | bezahlen zahlen= überweis rechnung steuer miete= bank= versicherung kredit sparen erstattung gehalt beleg= quittung rente= investier aktien= gebühr abonnement konto kontoauszug
            finanzamt mahnung steuererklärung
            lastschrift dauerauftrag gehaltsabrechnung lohn= bonus= buchhaltung dividende etf= fonds= depot= börse kryptowährung erbe= testament absetzen
            mehrwertsteuer zoll= bußgeld beitrag= prämie auszahlung bargeld geldautomat geldbeutel preis= preise= kosten= nebenkosten stromrechnung gasrechnung
            zinsen= schulden= darlehen= bausparvertrag tilgung kontostand sparbuch sparplan rentenversicherung haftpflicht steuerberater
            """),
        ("family", "Familie", """
            mom= mum= dad= mother father grandma grandpa grandmother grandfather parents kids= children school= kindergarten daughter son= sister brother aunt= uncle= wife= husband
            baby babysitter birthday anniversary family nursery wedding cousin
            nephew niece in-laws mother-in-law father-in-law stepson toddler infant newborn pram stroller playground daycare bedtime godchild godmother
            pocket-money sleepover playdate christening reunion grandkids twins pet= puppy kitten
            | mama= papa= mutter vater= oma= opa= eltern kinder kind= schule= kita tochter sohn= schwester bruder= tante= onkel= frau= mann= babysitter geburtstag hochzeit familie enkel
            elternabend großmutter großvater
            neffe nichte schwiegermutter schwiegervater schwiegereltern kleinkind säugling neugeboren kinderwagen spielplatz kindergarten taufe patenkind
            patenonkel taschengeld übernachtungsparty kindergeburtstag zwillinge enkelkind haustier welpe familientreffen babybett cousine geschwister
            """),
        ("travel", "Reise", """
            flight hotel book= booking passport visa= luggage suitcase airport train= ticket tickets= itinerary trip= travel vacation holiday= rental-car hostel cruise packing
            pack= boarding check-in
            airline ferry= bus-ticket tram= metro= subway= taxi= uber= car-hire road-trip sightseeing map= guidebook backpack passport-photo currency jetlag
            layover terminal= gate= airbnb campsite camping tent= resort beach= excursion tour= border= vaccination-card esta
            | flug= flüge hotel buchen reisepass visum koffer flughafen zug= fahrkarte bahn= reise urlaub mietwagen hostel kreuzfahrt packen= bahnticket ferienwohnung unterkunft einchecken
            fluggesellschaft fähre busticket straßenbahn u-bahn taxi= autovermietung roadtrip sehenswürdigkeit reiseführer rucksack passfoto währung zwischenstopp
            terminal= campingplatz zelt= strand= ausflugsziel rundreise grenze= pauschalreise reiseversicherung hotelzimmer sitzplatz bahnhof abflug ankunft
            """),
        ("learning", "Lernen", """
            study= learn course lecture exam= exams= homework= read= book= chapter vocabulary thesis essay tutorial practice= university class= lesson language quiz library revise
            flashcard= flashcards algebra calculus grammar spanish= french= german= english= history= physics biology coursework assignment dissertation textbook
            seminar lab-report scholarship certificate certification duolingo udemy coursera bootcamp podcast= memorize memorise tutor= tutoring semester classroom
            graduation
            | lernen kurs= vorlesung prüfung hausaufgabe aufgaben lesen= buch= kapitel vokabel abschlussarbeit aufsatz üben= universität uni= unterricht sprache= bibliothek klausur referat seminar
            nachhilfe
            karteikarte grammatik spanisch= französisch= englisch= geschichte= physik= biologie= chemie= mathe= hausarbeit dissertation lehrbuch stipendium
            zertifikat weiterbildung fortbildung volkshochschule sprachkurs auswendig tutor= semester= bachelorarbeit masterarbeit doktorarbeit studium=
            vorlesungsskript abitur hörbuch
            """),
        ("fitness", "Sport", """
            gym= run= running jog yoga workout exercise swim cycling bike-ride stretch marathon training= football tennis hike hiking pilates push-ups squats climb
            treadmill weights= dumbbell squat= plank= crossfit spinning rowing boxing karate judo= basketball volleyball soccer golf= surfing skiing ski= snowboard
            skating cardio warm-up steps= 10k= triathlon trainer= physique deadlift
            | fitnessstudio laufen= joggen yoga sport= schwimmen radfahren dehnen marathon training fußball tennis wandern wanderung pilates liegestütze klettern turnen
            laufband hanteln kniebeugen crossfit rudern boxen= karate judo= basketball volleyball handball golf= surfen skifahren ski= snowboard eislaufen ausdauer
            schritte= triathlon krafttraining rückenschule dehnübungen laufschuhe radtour mountainbike sportverein
            """),
        ("leisure", "Freizeit", """
            movie film= concert party friends cinema theatre theater museum game= games= guitar piano paint photos= festival dinner restaurant barbecue picnic playlist series= hobby
            netflix episode= season-finale board-game boardgame puzzle chess= knitting crochet sewing= drawing= painting= sketch photography camera= choir= dance=
            dancing karaoke pub= bar= brunch coffee-with drinks= gig= opera= ballet= exhibition gallery zoo= aquarium theme-park fishing birdwatching stargazing
            barbeque bbq bonfire game-night
            | kino= konzert feier freunde theater museum spiel= spielen= gitarre klavier malen= fotos= festival abendessen restaurant grillen picknick serie= hobby spieleabend ausflug
            folge= brettspiel puzzle schach= stricken häkeln nähen= zeichnen skizze fotografieren kamera= chor= tanzen= tanzkurs karaoke kneipe bar= brunch oper=
            ballett ausstellung galerie zoo= aquarium freizeitpark angeln= lagerfeuer filmabend grillabend stammtisch biergarten weihnachtsmarkt flohmarkt sauna=
            therme=
            """),
    ];

    private static readonly IReadOnlyList<Entry> s_english = Read(0);
    private static readonly IReadOnlyList<Entry> s_german = Read(1);

    /// <summary>Texts repeat their words; what one means is looked up once. Bounded, because texts come from outside.</summary>
    private static readonly ConcurrentDictionary<(string Tongue, string Word), (string Topic, double Weight)[]> s_known = new();

    private sealed record Entry(string Topic, string Word, bool Exact);

    public static IReadOnlyList<string> Topics { get; } = [.. s_topics.Select(topic => topic.Topic)];

    public static string GermanName(string topic) => s_topics.First(known => known.Topic == topic).German;

    public static (string Topic, double Weight)[] Of(string word, string tongue)
    {
        if (s_known.TryGetValue((tongue, word), out var known))
        {
            return known;
        }

        var best = new Dictionary<string, double>();

        // German borrows English words, but not the short ones that only match exactly: "bin" and "rent" mean something else.
        var entries = tongue == Tongue.German ? s_german.Concat(s_english.Where(entry => !entry.Exact)) : s_english;
        foreach (var entry in entries)
        {
            var weight = Weight(entry, word);
            if (weight > best.GetValueOrDefault(entry.Topic))
            {
                best[entry.Topic] = weight;
            }
        }

        var found = best.Select(pair => (pair.Key, pair.Value)).ToArray();
        if (s_known.Count < 20_000 && word.Length <= 40)
        {
            s_known.TryAdd((tongue, word), found);
        }

        return found;
    }

    private static double Weight(Entry entry, string word)
    {
        if (word == entry.Word)
        {
            return 2;
        }

        if (entry.Exact || word.Length < entry.Word.Length)
        {
            return 0;
        }

        if (word.StartsWith(entry.Word, StringComparison.Ordinal) && entry.Word.Length >= 4)
        {
            return word.Length - entry.Word.Length <= 3 ? 2 : 1.2;
        }

        return entry.Word.Length >= 5 && word.Contains(entry.Word, StringComparison.Ordinal) ? 1.2 : 0;
    }

    private static List<Entry> Read(int half)
    {
        var entries = new List<Entry>();
        foreach (var (topic, _, words) in s_topics)
        {
            foreach (var word in words.Split('|')[half].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                entries.Add(new(topic, word.TrimEnd('='), word[^1] == '='));
            }
        }

        return entries;
    }
}
