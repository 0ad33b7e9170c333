using Slipway.Api.Platform.Answers;

namespace Slipway.Api.Platform.Requests;

/// <summary>One thing a client can do: a method, a path below <c>/api/</c>, and who answers.</summary>
/// <param name="Template">Segments are words or <c>{names}</c>; a last <c>{*name}</c> takes the rest of the path, slashes included.</param>
internal sealed record Operation(string Method, string Template, Func<PlatformRequest, Task<Answer>> AnswerAsync)
{
    private readonly string[] _segments = Template.Split('/');

    /// <summary>What the path says for the names of the template, or null when it is another path.</summary>
    public IReadOnlyDictionary<string, string>? Match(string[] path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < _segments.Length; index++)
        {
            var segment = _segments[index];
            if (index >= path.Length)
            {
                return null;
            }

            if (segment.StartsWith("{*", StringComparison.Ordinal))
            {
                values[segment[2..^1]] = string.Join('/', path[index..]);
                return values;
            }

            if (segment[0] == '{')
            {
                values[segment[1..^1]] = path[index];
            }
            else if (segment != path[index])
            {
                return null;
            }
        }

        return path.Length == _segments.Length ? values : null;
    }
}

/// <summary>Every operation there is. The first that fits answers, so special paths stand before general ones.</summary>
internal sealed class OperationTable(IEnumerable<Operation> operations)
{
    private readonly Operation[] _operations = [.. operations];

    /// <summary>The operation for a path below <c>/api/</c>; without one, the methods that the path does have.</summary>
    public (Operation? Operation, IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Methods) Find(string method, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var methods = new List<string>();
        foreach (var operation in _operations)
        {
            if (operation.Match(segments) is not { } values)
            {
                continue;
            }

            if (operation.Method == method || (operation.Method == "GET" && method == "HEAD"))
            {
                return (operation, values, []);
            }

            methods.Add(operation.Method);
        }

        return (null, new Dictionary<string, string>(), methods);
    }
}
