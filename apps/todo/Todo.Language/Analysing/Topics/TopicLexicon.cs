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
            | besprechung bericht präsentation kunde kundin chef kollege kollegin büro projekt folien angebot= vertrag bewerbung protokoll mitarbeiter abteilung tagesordnung
            sitzung konferenz arbeit= dienstreise quartal server= ausfall=
            """),
        ("home", "Haushalt", """
            clean laundry vacuum dishes kitchen garden lawn repair plumber electrician furniture paint= bathroom garage trash garbage recycling window= plants plant= mow
            dishwasher lightbulb bulb= roof heating landlord bin= bins= tidy iron= curtains shelf sink= pipe= faucet declutter attic basement
            | putzen wäsche staubsaug geschirr küche vorhänge rohr= garten rasen reparier klempner handwerker möbel streichen badezimmer müll= mülltonne müllabfuhr fenster pflanzen blumen gieß spülmaschine glühbirne
            dach heizung vermieter aufräumen bügeln regal keller wohnung= altpapier altglas entkalken dachboden
            """),
        ("shopping", "Einkauf", """
            buy= bought= groceries grocery supermarket milk= bread= eggs= butter= cheese= vegetables fruit= order= shop= shopping store= gift= present= purchase shoes= jacket= detergent
            coffee= toilet-paper bakery butcher batteries shampoo
            | kaufen einkauf besorgen supermarkt milch brot eier= butter= käse= gemüse obst bestellen geschenk schuhe jacke waschmittel kaffee= bäcker metzger drogerie batterien toilettenpapier
            lebensmittel
            """),
        ("health", "Gesundheit", """
            doctor dentist pharmacy medicine prescription hospital vaccin checkup check-up therapy therapist appointment= blood x-ray physio pills= vitamins optician clinic
            surgery symptom allergy insulin
            | arzt ärztin zahnarzt apotheke medikament rezept= krankenhaus impf vorsorge therapie therapeut blutabnahme blutdruck blutbild blutwert röntgen tabletten vitamine optiker klinik operation allergie
            krankenkasse krankmeldung
            """),
        ("finance", "Finanzen", """
            pay= payment bill= bills= tax taxes= rent= bank insurance loan mortgage savings credit refund salary invoice receipt transfer= pension budget= invest stocks= fees= fee=
            subscription accountant
            | bezahlen zahlen= überweis rechnung steuer miete= bank= versicherung kredit sparen erstattung gehalt beleg= quittung rente= investier aktien= gebühr abonnement konto kontoauszug
            finanzamt mahnung steuererklärung
            """),
        ("family", "Familie", """
            mom= mum= dad= mother father grandma grandpa grandmother grandfather parents kids= children school= kindergarten daughter son= sister brother aunt= uncle= wife= husband
            baby babysitter birthday anniversary family nursery wedding cousin
            | mama= papa= mutter vater= oma= opa= eltern kinder kind= schule= kita tochter sohn= schwester bruder= tante= onkel= frau= mann= babysitter geburtstag hochzeit familie enkel
            elternabend großmutter großvater
            """),
        ("travel", "Reise", """
            flight hotel book= booking passport visa= luggage suitcase airport train= ticket tickets= itinerary trip= travel vacation holiday= rental-car hostel cruise packing
            pack= boarding check-in
            | flug= flüge hotel buchen reisepass visum koffer flughafen zug= fahrkarte bahn= reise urlaub mietwagen hostel kreuzfahrt packen= bahnticket ferienwohnung unterkunft einchecken
            """),
        ("learning", "Lernen", """
            study= learn course lecture exam= exams= homework= read= book= chapter vocabulary thesis essay tutorial practice= university class= lesson language quiz library revise
            | lernen kurs= vorlesung prüfung hausaufgabe aufgaben lesen= buch= kapitel vokabel abschlussarbeit aufsatz üben= universität uni= unterricht sprache= bibliothek klausur referat seminar
            nachhilfe
            """),
        ("fitness", "Sport", """
            gym= run= running jog yoga workout exercise swim cycling bike-ride stretch marathon training= football tennis hike hiking pilates push-ups squats climb
            | fitnessstudio laufen= joggen yoga sport= schwimmen radfahren dehnen marathon training fußball tennis wandern wanderung pilates liegestütze klettern turnen
            """),
        ("leisure", "Freizeit", """
            movie film= concert party friends cinema theatre theater museum game= games= guitar piano paint photos= festival dinner restaurant barbecue picnic playlist series= hobby
            | kino= konzert feier freunde theater museum spiel= spielen= gitarre klavier malen= fotos= festival abendessen restaurant grillen picknick serie= hobby spieleabend ausflug
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
