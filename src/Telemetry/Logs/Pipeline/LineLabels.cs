using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs.Pipeline;

/// <summary>The labels of a line while it goes through the stages: those of its stream, and what was found in it.</summary>
/// <param name="wanted">The only labels that matter; null for all.</param>
internal sealed class LineLabels(IReadOnlySet<string>? wanted = null)
{
    public const string ErrorName = "__error__";
    public const string ErrorDetailsName = "__error_details__";

    private const int FoundMax = 512;

    private readonly List<KeyValuePair<string, string>> _found = [];
    private readonly List<string> _dropped = [];
    private LabelSet _stream = LabelSet.Empty;

    /// <summary>Where names of labels come from; stages keep nothing themselves.</summary>
    public LabelNames Names { get; } = new();

    public LabelSet Stream => _stream;

    public bool Changed => _found.Count > 0 || _dropped.Count > 0 || Error is not null;

    public string? Error { get; private set; }

    public string? ErrorDetails { get; private set; }

    public IReadOnlyList<KeyValuePair<string, string>> Found => _found;

    public void Reset(LabelSet stream)
    {
        _stream = stream;
        _found.Clear();
        _dropped.Clear();
        (Error, ErrorDetails) = (null, null);
    }

    public string Get(string name)
    {
        if (name == ErrorName)
        {
            return Error ?? "";
        }

        if (name == ErrorDetailsName)
        {
            return ErrorDetails ?? "";
        }

        foreach (var (found, value) in _found)
        {
            if (found == name)
            {
                return value;
            }
        }

        return _dropped.Contains(name) ? "" : _stream[name];
    }

    public bool IsWanted(string name) =>
        wanted is null || wanted.Contains(name) || (_stream[name].Length > 0 && wanted.Contains(name + "_extracted"));

    /// <summary>A label found in the line. It does not hide one of the stream: then it gets another name. The first of a name counts.</summary>
    public void Find(string name, string value)
    {
        if (_found.Count >= FoundMax)
        {
            return;
        }

        if (_stream[name].Length > 0 && !_dropped.Contains(name))
        {
            name += "_extracted";
        }

        foreach (var found in _found)
        {
            if (found.Key == name)
            {
                return;
            }
        }

        _found.Add(KeyValuePair.Create(name, value));
    }

    public void Set(string name, string value)
    {
        Drop(name);
        _found.Add(KeyValuePair.Create(name, value));
    }

    public void Drop(string name)
    {
        if (name == ErrorName)
        {
            Error = null;
        }
        else if (name == ErrorDetailsName)
        {
            ErrorDetails = null;
        }

        _found.RemoveAll(found => found.Key == name);
        if (_stream[name].Length > 0 && !_dropped.Contains(name))
        {
            _dropped.Add(name);
        }
    }

    /// <summary>The first error of a line counts.</summary>
    public void Fail(string error, string details)
    {
        if (Error is null)
        {
            (Error, ErrorDetails) = (error, details);
        }
    }

    public IEnumerable<KeyValuePair<string, string>> All()
    {
        foreach (var label in _stream)
        {
            if (!_dropped.Contains(label.Name))
            {
                yield return KeyValuePair.Create(label.Name, label.Value);
            }
        }

        foreach (var found in _found)
        {
            yield return found;
        }

        if (Error is not null)
        {
            yield return KeyValuePair.Create(ErrorName, Error);
            yield return KeyValuePair.Create(ErrorDetailsName, ErrorDetails ?? "");
        }
    }

    public LabelSet Build() => Changed ? LabelSet.From(All()) : _stream;
}
