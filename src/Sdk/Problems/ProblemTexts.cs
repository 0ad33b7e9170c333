namespace Slipway.Sdk.Problems;

/// <summary>The codes a service can answer with, found by their address or by themselves.</summary>
internal sealed class ProblemTexts
{
    private readonly Dictionary<string, ProblemText> _texts = new(StringComparer.OrdinalIgnoreCase);

    public ProblemTexts() => Add(KitProblems.Always);

    /// <summary>All of them, each once, in the order of their codes.</summary>
    public IEnumerable<ProblemText> All => _texts.Values.Distinct().OrderBy(text => text.Code, StringComparer.OrdinalIgnoreCase);

    /// <summary>A service may say more exactly what a code of the kit means with it; the later text counts.</summary>
    public void Add(ReadOnlySpan<ProblemText> texts)
    {
        foreach (var text in texts)
        {
            _texts[text.Code] = text;
            _texts[NameOf(text)] = text;
        }
    }

    public ProblemText? Find(string name) => _texts.GetValueOrDefault(name);

    /// <summary>outOfStock → out-of-stock</summary>
    public static string NameOf(ProblemText text) => ProblemDocument.TypeOf(text.Code)["/problems/".Length..];
}
