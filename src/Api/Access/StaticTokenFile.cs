using System.Text;
using Slipway.Model.Failures;

namespace Slipway.Api.Access;

/// <summary>
/// Reads a file of bearer tokens: one <c>token,user,uid[,"group1,group2"]</c> per line, <c>#</c> starts a comment.
/// </summary>
public static class StaticTokenFile
{
    private const int LinesMax = 10_000;

    public static Outcome<IReadOnlyList<StaticToken>> Parse(string text)
    {
        var tokens = new List<StaticToken>();
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (number > LinesMax)
            {
                return Wrong(number, $"more than {LinesMax} lines");
            }

            var fields = Fields(line);
            if (fields.Count < 3 || fields[0].Length == 0 || fields[1].Length == 0)
            {
                return Wrong(number, "expected token,user,uid and optionally \"group1,group2\"");
            }

            string[] groups = fields.Count > 3
                ? fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                : [];
            tokens.Add(new StaticToken(fields[0], new Caller(fields[1], groups, fields[2])));
        }

        return tokens;
    }

    private static Failure Wrong(int line, string why) =>
        new(FailureKind.Malformed, "token-file-malformed", $"token file, line {line}: {why}");

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var current = new StringBuilder();
        var quoted = false;
        foreach (var character in line)
        {
            switch (character)
            {
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    fields.Add(current.ToString().Trim());
                    current.Clear();
                    break;
                default:
                    current.Append(character);
                    break;
            }
        }

        fields.Add(current.ToString().Trim());
        return fields;
    }
}
