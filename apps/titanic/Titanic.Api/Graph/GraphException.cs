namespace Titanic.Api.Graph;

/// <summary>A query that cannot be answered; said in the answer's errors.</summary>
internal sealed class GraphException(string message, int line, int column) : Exception(message)
{
    public int Line => line;

    public int Column => column;

    public static GraphException At(string query, int at, string message)
    {
        var before = query.AsSpan(0, Math.Min(at, query.Length));
        var last = before.LastIndexOf('\n');
        return new GraphException(message, before.Count('\n') + 1, before.Length - last);
    }
}
