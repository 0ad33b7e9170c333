using System.Collections.Frozen;

namespace Todo.Language.Analysing;

/// <summary>Words that hold sentences together and say nothing about their subject.</summary>
internal static class StopWords
{
    private static readonly FrozenSet<string> s_words = (
        "the a an and or but not no of to for with from by on at in into onto out off up down over under is are was were be been being am do does did done " +
        "doing have has had having my your our their his her its i we you it he she they them me us this that these those there here which who what when where " +
        "how why all any some more most much many few other another each every than then so too very just also only again still yet about after before until " +
        "during between through while because if as can could should would will shall may might must need needs please get go going let make one two three " +
        "today tomorrow tonight next last week month year day days weeks monday tuesday wednesday thursday friday saturday sunday am pm " +
        "der die das den dem des ein eine einen einem einer eines und oder aber nicht kein keine keinen von vom zu zum zur für mit bei beim auf aus an am im in " +
        "ins nach vor über unter um durch gegen ohne bis seit ab ist sind war waren wird werden wurde sein hat haben hatte hatten ich du er sie es wir ihr mich " +
        "mir dich dir uns euch ihn ihm ihnen mein meine meinen meiner dein deine unser unsere sich dies diese dieser dieses diesen jener jede jeden jedes jeder " +
        "alle alles viel viele mehr sehr auch nur noch schon wieder immer mal dann da dort hier wo wer was wann wie warum weil wenn dass ob als so man kann können " +
        "soll sollte muss müssen darf dürfen will wollen bitte heute morgen übermorgen nächste nächsten woche wochen tag tage tagen monat jahr montag dienstag " +
        "mittwoch donnerstag freitag samstag sonntag uhr eins zwei drei").Split(' ').ToFrozenSet();

    public static bool Contains(string word) => word.Length < 2 || s_words.Contains(word);
}
