using System.Collections.Frozen;

namespace Todo.Language.Analysing.Entities;

/// <summary>Names that are common enough to be worth knowing. Nobody's list is complete; titles and verbs find the others.</summary>
internal static class Names
{
    public static readonly FrozenSet<string> First = (
        "anna ann anne anja andrea alex alexander alice amelie ben benjamin bernd bob brian carla carlos carol caroline charlie charlotte chris christian christina christine " +
        "clara claudia dan daniel daniela dave david dennis diana dieter dirk elena elias ella emil emily emma eric erik eva felix finn florian frank franziska fritz " +
        "gabi george georg grace greta hanna hannah hannes hans harry heike heinz helen helena helga henry ian ida ingrid jack jakob james jan jana jane jasmin jenny jens jessica " +
        "jim joe johanna john jonas joseph julia julian jürgen karen karin karl kate katharina kathrin katja kevin klara klaus lara laura lea lena leo leon lewis liam linda lisa " +
        "lucas lucy luis luisa lukas maggie manuel marc marcel maria marie mario marion mark markus martha martin martina mary mathias matthias matt max maya melanie mia " +
        "michael michelle mike mila mohammed monika moritz nadine nancy natalie nick nicole nina noah nora oliver olivia oskar otto pamela patricia patrick paul paula peter petra " +
        "philipp rachel ralf rebecca renate richard robert robin rolf sabine sam samuel sandra sara sarah sebastian silke simon sofia sophia sophie stefan stefanie stephan steve " +
        "susan susanne sven tanja theo thomas tim tina tobias tom tony ursula uwe vanessa vera victoria walter werner will william wolfgang yusuf zoe ahmed aisha ali ayşe fatma mehmet " +
        "priya raj wei yuki").Split(' ').ToFrozenSet();

    public static readonly FrozenSet<string> Last = (
        "müller mueller schmidt schneider fischer weber meyer meier maier wagner becker schulz hoffmann schäfer koch bauer richter klein wolf schröder neumann schwarz braun " +
        "zimmermann krüger hofmann hartmann lange werner krause lehmann köhler herrmann walter huber kaiser fuchs peters scholz möller weiß jung hahn vogel friedrich keller " +
        "smith johnson williams brown jones miller davis wilson anderson taylor thomas moore martin jackson thompson lee clark lewis robinson walker young allen king wright scott " +
        "green baker adams nelson carter mitchell roberts turner phillips campbell parker evans edwards collins stewart yılmaz kaya nguyen kim garcia lopez").Split(' ').ToFrozenSet();

    public static readonly FrozenSet<string> Places = (
        "berlin hamburg münchen munich köln cologne frankfurt stuttgart düsseldorf leipzig dortmund essen bremen dresden hannover nürnberg nuremberg duisburg bochum bonn münster " +
        "karlsruhe mannheim augsburg wiesbaden freiburg mainz kiel lübeck erfurt rostock kassel potsdam heidelberg darmstadt regensburg würzburg ulm wien vienna graz linz salzburg " +
        "innsbruck zürich zurich basel bern genf geneva luzern london manchester birmingham liverpool leeds edinburgh glasgow bristol oxford cambridge dublin paris lyon marseille nizza " +
        "nice brussels brüssel amsterdam rotterdam copenhagen kopenhagen stockholm oslo helsinki warsaw warschau prague prag budapest rome rom milan mailand venice venedig florence " +
        "florenz naples neapel madrid barcelona valencia seville sevilla lisbon lissabon porto athens athen istanbul ankara moscow moskau boston chicago denver seattle dallas houston " +
        "austin miami atlanta philadelphia toronto montreal vancouver sydney melbourne tokyo tokio kyoto osaka beijing peking shanghai singapore singapur bangkok delhi mumbai dubai cairo " +
        "kairo germany deutschland austria österreich switzerland schweiz france frankreich italy italien spain spanien portugal england scotland schottland ireland irland netherlands " +
        "niederlande holland belgium belgien denmark dänemark sweden schweden norway norwegen finland finnland poland polen greece griechenland turkey türkei russia canada kanada mexico " +
        "mexiko brazil brasilien japan china india indien australia australien europe europa usa america amerika bavaria bayern mallorca sylt").Split(' ').ToFrozenSet();

    /// <summary>Names of places that are also words of their own and need "in" or "nach" before them.</summary>
    public static readonly FrozenSet<string> DoubtfulPlaces = new[] { "essen", "nice", "turkey", "china", "ulm", "linz", "bath", "reading", "genf" }.ToFrozenSet();

    public static readonly FrozenSet<string> Organisations = (
        "google microsoft amazon apple ikea netflix paypal ebay facebook meta twitter spotify adobe oracle siemens bosch bmw volkswagen mercedes audi porsche sap telekom vodafone o2 " +
        "lufthansa ryanair easyjet aok tk barmer allianz axa ergo huk sparkasse volksbank commerzbank postbank finanzamt bürgeramt arbeitsamt jobcenter dhl ups fedex hermes dpd aldi lidl " +
        "rewe edeka penny netto dm rossmann tesco walmart target costco irs nhs dmv hmrc mediamarkt saturn zalando otto uber airbnb booking.com github slack stripe visa mastercard").Split(' ').ToFrozenSet();

    /// <summary>Of these, only the spelling with its capitals means the organisation.</summary>
    public static readonly FrozenSet<string> DoubtfulOrganisations = new[] { "target", "meta", "apple", "amazon", "visa", "slack", "stripe", "otto", "saturn", "penny", "netto", "hermes", "ups", "ergo", "oracle" }
        .ToFrozenSet();

    public static readonly FrozenSet<string> LegalForms = new[] { "gmbh", "ag", "kg", "ohg", "ug", "se", "inc", "ltd", "llc", "corp", "corporation", "plc", "co" }.ToFrozenSet();

    public static readonly FrozenSet<string> Institutions = new[]
    {
        "university", "bank", "insurance", "hospital", "college", "institute", "agency", "council", "airlines", "universität", "versicherung", "stadtwerke",
        "krankenhaus", "verlag", "stiftung", "akademie",
    }.ToFrozenSet();

    public static readonly FrozenSet<string> Titles = new[]
    {
        "mr", "mrs", "ms", "dr", "prof", "professor", "herr", "herrn", "frau", "aunt", "uncle", "tante", "onkel", "doctor", "sir", "oma", "opa", "grandma", "grandpa", "cousin",
    }.ToFrozenSet();

    /// <summary>Verbs and prepositions that in English stand before whom something is done with.</summary>
    public static readonly FrozenSet<string> EnglishLeads = new[]
    {
        "call", "phone", "ring", "email", "mail", "text", "ask", "meet", "invite", "thank", "tell", "remind", "visit", "message", "with", "ping", "help",
    }.ToFrozenSet();

    /// <summary>Verbs that open a todo and have a capital only for that.</summary>
    public static readonly FrozenSet<string> OpeningVerbs = EnglishLeads.Union(["pay", "book", "check", "contact", "review", "write", "send", "cancel", "compare", "open"]).ToFrozenSet();
}
