using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Telemetry.Logs.Pipeline;

/// <summary><c>| regexp "(?P&lt;name&gt;…)"</c>: named groups become labels.</summary>
internal sealed class RegexpStage(LinePattern pattern) : LineStage
{
    private readonly string[] _names = [.. pattern.Regex.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0]))];

    public IReadOnlyList<string> Names => _names;

    public override bool Pass(ref PassingLine line)
    {
        var match = pattern.Regex.Match(Encoding.UTF8.GetString(line.Text));
        if (match.Success)
        {
            foreach (var name in _names)
            {
                if (match.Groups[name] is { Success: true } group && line.Labels.IsWanted(name))
                {
                    line.Labels.Find(name, group.Value);
                }
            }
        }

        return true;
    }
}

/// <summary><c>| pattern "&lt;ip&gt; - &lt;_&gt; &lt;status&gt;"</c>: what stands between the plain parts becomes labels.</summary>
internal sealed partial class PatternStage : LineStage
{
    private readonly List<(byte[] Before, string Name)> _parts = [];
    private readonly byte[] _end;

    private PatternStage(string pattern)
    {
        var position = 0;
        foreach (Match capture in Capture().Matches(pattern))
        {
            _parts.Add((Encoding.UTF8.GetBytes(pattern[position..capture.Index]), capture.Groups[1].Value));
            position = capture.Index + capture.Length;
        }

        _end = Encoding.UTF8.GetBytes(pattern[position..]);
    }

    /// <summary>Null if there is nothing to capture, or two captures touch each other.</summary>
    public static PatternStage? Of(string pattern)
    {
        var stage = new PatternStage(pattern);
        return stage._parts.Count > 0 && stage._parts.Skip(1).All(part => part.Before.Length > 0) ? stage : null;
    }

    public override bool Pass(ref PassingLine line)
    {
        var rest = line.Text;
        for (var index = 0; index < _parts.Count; index++)
        {
            var (before, name) = _parts[index];
            var start = rest.IndexOf(before);
            if (start < 0 || (index == 0 && start > 0))
            {
                return true;
            }

            rest = rest[(start + before.Length)..];
            var after = index + 1 < _parts.Count ? _parts[index + 1].Before : _end;
            var end = after.Length == 0 ? rest.Length : rest.IndexOf(after);
            var value = end < 0 ? rest : rest[..end];
            if (name != "_" && line.Labels.IsWanted(name))
            {
                line.Labels.Find(name, Encoding.UTF8.GetString(value));
            }

            rest = rest[value.Length..];
        }

        return true;
    }

    [GeneratedRegex("<([A-Za-z_][A-Za-z0-9_]*)>", RegexOptions.CultureInvariant)]
    private static partial Regex Capture();
}
