namespace Slipway.Sdk.Paging;

/// <summary>The <c>page</c> member of a list: cursors of the neighbouring pages.</summary>
public sealed record Page(int Limit, string? Next, string? Prev, PageTotal? Total);

/// <summary>How many there are in all; an estimate unless exact.</summary>
public sealed record PageTotal(long Value, bool Exact);
