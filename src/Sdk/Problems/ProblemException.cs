namespace Slipway.Sdk.Problems;

/// <summary>Carries a problem out of places where a value cannot travel; the service answers with it.</summary>
public sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
