using System.Collections.Frozen;
using System.Globalization;
using Todo.Language.Words;

namespace Todo.Language.Analysing.Sentiments;

/// <summary>
/// How good or bad words are, from -3 to 3, chosen for what people write into todos. A word matches by itself or by its
/// stem; "doesn't work" and the like are entries of two words.
/// </summary>
internal static class SentimentLexicon
{
    private const string English = """
        3 amazing awesome excellent fantastic wonderful brilliant perfect thrilled delighted love loved celebrate celebration triumph
        2 great happy excited glad good nice enjoy enjoyed enjoyable fun success successful win won beautiful proud grateful thankful thanks thank party birthday
        2 congratulate congratulations reward surprise gift praise favourite favorite best better holiday vacation relax relaxing delicious smooth smoothly impressed
        1 easy ready improve improved improvement progress finally fine okay helpful kind friendly useful works working fixed solved approved accepted welcome
        1 interesting hope hopeful looking-forward comfortable calm pleasant safe healthy fresh treat
        -1 late delay delayed problem issue annoying annoyed tired difficult hard slow missing forgot forgotten noisy dirty messy boring confusing unclear doubt doubtful
        -1 wait waiting unfortunately remind complain concern concerned stuck reject rejected cancelled canceled refund queue stressful struggle struggling outage blocked
        -2 bad sad angry afraid worried worry worse fail failed failing failure broken breaks bug crash crashed error errors hate hated stress stressed pain painful sick
        -2 ill lost lose losing damage damaged debt fine-notice penalty complaint conflict fight argument unhappy upset frustrated frustrating disappointed disappointing
        -2 overdue overwhelmed exhausted leak leaking leaks ugly useless mess unacceptable mistake rude smell stinks hurt hurts scared fear burnout
        -3 terrible awful horrible worst disaster catastrophe emergency nightmare death died funeral accident hospital furious dreadful fraud stolen theft lawsuit
        """;

    private const string German = """
        3 großartig fantastisch wunderbar perfekt hervorragend genial begeistert liebe lieben geliebt traumhaft
        2 toll super gut schön freuen freue freut freude froh glücklich spaß erfolg erfolgreich gewonnen gewinnen stolz dankbar danke dank feiern feier party geburtstag
        2 geschenk überraschung überraschen belohnung urlaub entspannen entspannt lecker bestens beste bester besser lieblings gelungen herrlich klasse prima beeindruckt gratulieren glückwunsch
        1 einfach bereit verbessern verbessert fortschritt endlich hilfreich nett freundlich nützlich funktioniert klappt läuft gelöst repariert genehmigt angenommen willkommen
        1 interessant hoffen hoffentlich bequem ruhig angenehm sicher gesund frisch gern gerne gemütlich geschafft
        -1 spät verspätet verspätung problem probleme nervig nervt müde schwierig schwer langsam fehlt fehlend vergessen laut schmutzig unordentlich langweilig unklar zweifel
        -1 warten leider mahnen hängt abgelehnt absagen abgesagt storniert erstattung ausfall ausgefallen blockiert beschweren bedenken stressig mühsam
        -2 schlecht traurig wütend angst sorgen sorge schlimmer gescheitert scheitern fehler kaputt defekt absturz abgestürzt hasse hassen stress gestresst schmerz schmerzen krank verloren
        -2 verlieren schaden beschädigt schulden strafe bußgeld mahnung beschwerde konflikt streit ärger ärgerlich ärgere unzufrieden frustriert frustrierend enttäuscht enttäuschend überfällig
        -2 überfordert erschöpft undicht tropft hässlich nutzlos chaos unmöglich falsch rohrbruch unhöflich stinkt verletzt überlastet mist
        -3 schrecklich furchtbar katastrophe katastrophal schlimmste albtraum notfall gestorben tod beerdigung unfall krankenhaus entsetzlich betrug gestohlen diebstahl klage grauenhaft
        """;

    private static readonly FrozenDictionary<(string, string), double> s_pairs = new Dictionary<(string, string), double>
    {
        [("doesn't", "work")] = -2, [("not", "working")] = -2, [("don't", "work")] = -2, [("looking", "forward")] = 2, [("fed", "up")] = -2,
        [("well", "done")] = 2, [("no", "problem")] = 1, [("can't", "wait")] = 2, [("gives", "up")] = -1, [("at", "last")] = 1, [("right", "away")] = 0,
        [("geht", "nicht")] = -2, [("funktioniert", "nicht")] = -2, [("klappt", "nicht")] = -2, [("läuft", "nicht")] = -2, [("kein", "problem")] = 1,
        [("gut", "gemacht")] = 2, [("keine", "lust")] = -2, [("satt", "haben")] = -1, [("good", "friday")] = 0, [("guten", "morgen")] = 0, [("best", "before")] = 0,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, double> s_english = Read(English, Tongue.English);
    private static readonly FrozenDictionary<string, double> s_german = Read(German, Tongue.German);

    public static double? Pair(string first, string second) => s_pairs.TryGetValue((first, second), out var weight) ? weight : null;

    public static double Weight(string word, string tongue)
    {
        var lexicon = tongue == Tongue.German ? s_german : s_english;
        return lexicon.TryGetValue(word, out var weight) || lexicon.TryGetValue("~" + Stems.Exactly(word, tongue), out weight) ? weight : 0;
    }

    private static FrozenDictionary<string, double> Read(string table, string tongue)
    {
        var lexicon = new Dictionary<string, double>();
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var weight = double.Parse(parts[0], CultureInfo.InvariantCulture);
            foreach (var word in parts.AsSpan(1))
            {
                lexicon.TryAdd(word, weight);

                // Short stems meet too many strangers.
                var stem = Stems.Exactly(word, tongue);
                if (stem.Length >= 4)
                {
                    lexicon.TryAdd("~" + stem, weight);
                }
            }
        }

        return lexicon.ToFrozenDictionary();
    }
}
