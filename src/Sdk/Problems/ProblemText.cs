namespace Slipway.Sdk.Problems;

/// <summary>What a problem code means, for the person who meets it: the page under <c>/problems/{code}</c>.</summary>
/// <param name="Meaning">When the service answers with it.</param>
/// <param name="Remedy">What the caller can do about it.</param>
public sealed record ProblemText(string Code, int Status, string Title, string Meaning, string Remedy);
