namespace Todo.Api.Searching;

/// <summary>The text search configurations todos are indexed and searched with. Changing them concerns todos written from then on.</summary>
internal sealed class SearchLanguages(IReadOnlyList<string> names)
{
    public static readonly string[] Known = ["simple", "english", "german"];

    public string[] Names { get; } = names.Count == 0 ? Known : [.. names];
}
