namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>The expression can be read, but the data does not allow an answer.</summary>
internal sealed class EvaluationException(string message) : Exception(message);
