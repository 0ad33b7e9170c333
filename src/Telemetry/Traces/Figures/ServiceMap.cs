namespace Slipway.Telemetry.Traces.Figures;

/// <param name="External">It sends no spans itself: a database or another system that calls go to.</param>
internal sealed record MapNode(string Service, bool External, long Calls, long Errors, double P50Milliseconds, double P95Milliseconds);

internal sealed record MapEdge(string From, string To, long Calls, long Errors, double P50Milliseconds, double P95Milliseconds);

internal sealed record ServiceMap(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<MapNode> Nodes, IReadOnlyList<MapEdge> Edges);

/// <param name="From">Who called; empty for all calls of a service, whoever called.</param>
internal sealed record CallTotals(string From, string To, long Calls, long Errors, double Seconds);
