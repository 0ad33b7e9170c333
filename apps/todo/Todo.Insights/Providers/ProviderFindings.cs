using Todo.Insights.Wire;
using Todo.Language;

namespace Todo.Insights.Providers;

/// <summary>What an external provider found; what is null stays as the embedded analyser found it.</summary>
internal sealed record ProviderFindings
{
    public string? Summary { get; init; }

    public SentimentFinding? Sentiment { get; init; }

    public IReadOnlyList<KeyPhraseFinding>? KeyPhrases { get; init; }

    public IReadOnlyList<EntityFinding>? Entities { get; init; }

    public IReadOnlyList<CategoryFinding>? SuggestedCategories { get; init; }
}

/// <param name="Provider">Whose findings they are in the end.</param>
/// <param name="Warning">Why they are not those that were configured.</param>
internal sealed record ProviderAnswer(string Provider, ProviderFindings? Findings, Warning? Warning);

/// <summary>An answer that cannot be used. The message is for operators and for the warning; it never holds what the provider sent.</summary>
internal sealed class ProviderMistakeException(string message) : Exception(message);
