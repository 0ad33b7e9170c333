using System.Text;

namespace Slipway.Telemetry.Collecting;

/// <summary>
/// How far each source was taken, in one small file that is replaced as a whole. What is written down is what was true one
/// round earlier: by then the lines themselves are on the disk, so that a crash may repeat a second but lose nothing.
/// </summary>
internal sealed class LogPositions(string path)
{
    /// <summary>The source has ended and was taken as a whole.</summary>
    public const string End = "end";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _now = new(StringComparer.Ordinal);
    private string? _settled;
    private string? _written;

    public void Load()
    {
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                if (line.Split('\t') is [var source, var position])
                {
                    _now[source] = position;
                }
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // The first start: everything is taken from its beginning.
        }
    }

    public string? Of(string source)
    {
        lock (_gate)
        {
            return _now.GetValueOrDefault(source);
        }
    }

    public void Move(string source, string position)
    {
        lock (_gate)
        {
            _now[source] = position;
        }
    }

    /// <summary>Once a round. Sources that are gone are forgotten.</summary>
    /// <param name="last">The end of the server: the lines were flushed, so the newest positions are true.</param>
    public void Save(IReadOnlySet<string> sources, bool last = false)
    {
        string text;
        lock (_gate)
        {
            foreach (var gone in _now.Keys.Where(source => !sources.Contains(source)).ToList())
            {
                _now.Remove(gone);
            }

            var lines = new StringBuilder();
            foreach (var (source, position) in _now.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                lines.Append(source).Append('\t').Append(position).Append('\n');
            }

            text = lines.ToString();
        }

        var durable = last ? text : _settled;
        _settled = text;
        if (durable is null || durable == _written)
        {
            return;
        }

        var draft = path + ".new";
        File.WriteAllText(draft, durable);
        File.Move(draft, path, overwrite: true);
        _written = durable;
    }
}
