namespace Todo.Monitor.Probing;

/// <summary>What one look at a target showed.</summary>
/// <param name="Status">up, down, or idle: it sleeps because nobody needs it, and was not woken to ask.</param>
internal sealed record ProbeResult(string Name, string Url, string Status, int? LatencyMs, string? Error);
