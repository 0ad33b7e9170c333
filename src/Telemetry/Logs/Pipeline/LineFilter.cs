using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Slipway.Telemetry.Logs.Reading;

namespace Slipway.Telemetry.Logs.Pipeline;

/// <summary><c>|= "text"</c> and <c>!= "text"</c>, with one or several texts.</summary>
internal sealed class TextFilter(IReadOnlyList<string> texts, bool wanted) : LineStage
{
    private readonly byte[][] _texts = [.. texts.Select(Encoding.UTF8.GetBytes)];

    public override NeededText? Needed => wanted && _texts.All(text => text.Length > 0) ? new NeededText(_texts) : null;

    public override bool Pass(ref PassingLine line)
    {
        foreach (var text in _texts)
        {
            if (line.Text.IndexOf(text) >= 0)
            {
                return wanted;
            }
        }

        return !wanted;
    }
}

/// <summary><c>|~ "expression"</c> and <c>!~ "expression"</c>.</summary>
internal sealed class PatternFilter(IReadOnlyList<LinePattern> patterns, bool wanted) : LineStage
{
    public override NeededText? Needed
    {
        get
        {
            if (!wanted || patterns.Any(pattern => pattern.Needed is null))
            {
                return null;
            }

            var sameCase = patterns.All(pattern => pattern.Needed!.Value.SameCase);
            return new NeededText([.. patterns.SelectMany(pattern => pattern.Needed!.Value.AnyOf)], sameCase);
        }
    }

    public override bool Pass(ref PassingLine line)
    {
        var chars = ArrayPool<char>.Shared.Rent(line.Text.Length);
        try
        {
            var text = chars.AsSpan(0, Encoding.UTF8.GetChars(line.Text, chars));
            foreach (var pattern in patterns)
            {
                if (pattern.Regex.IsMatch(text))
                {
                    return wanted;
                }
            }

            return !wanted;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }
}

/// <summary>A regular expression that cannot hold a core, and the plain texts it stands for if it is that simple.</summary>
internal sealed partial class LinePattern
{
    /// <summary>For one line. Its time grows with the line only, but a large expression can still be slow on a line of a mebibyte.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private LinePattern(Regex regex, NeededText? needed) => (Regex, Needed) = (regex, needed);

    public Regex Regex { get; }

    public NeededText? Needed { get; }

    /// <exception cref="ArgumentException">It is no expression that can run without backtracking.</exception>
    public static LinePattern Of(string expression)
    {
        try
        {
            return new LinePattern(new Regex(expression.Replace("(?P<", "(?<", StringComparison.Ordinal), Options, s_patience), NeededBy(expression));
        }
        catch (NotSupportedException unsupported)
        {
            throw new ArgumentException(unsupported.Message, nameof(expression), unsupported);
        }
    }

    private static NeededText? NeededBy(string expression)
    {
        var sameCase = !expression.StartsWith("(?i)", StringComparison.Ordinal);
        var choices = (sameCase ? expression : expression[4..]).Split('|');
        for (var index = 0; index < choices.Length; index++)
        {
            var plain = choices[index];
            plain = plain.StartsWith(".*", StringComparison.Ordinal) ? plain[2..] : plain;
            plain = plain.EndsWith(".*", StringComparison.Ordinal) ? plain[..^2] : plain;
            // Beyond ASCII there are letters whose capitals are other letters, so those are left to the expression itself.
            if (plain.Length == 0 || !Plain().IsMatch(plain) || (!sameCase && plain.AsSpan().ContainsAny("kKsS")))
            {
                return null;
            }

            choices[index] = plain;
        }

        return new NeededText([.. choices.Select(Encoding.UTF8.GetBytes)], sameCase);
    }

    [GeneratedRegex("""^[A-Za-z0-9 _:;,@=<>"'/&%!~-]+$""", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
