using System.Text;

namespace Slipway.Control.Instances;

/// <summary>
/// Replaces <c>$(NAME)</c> by the variable's value. A name nobody defined stays as it is, and <c>$$(NAME)</c> is the way
/// to write the text <c>$(NAME)</c>. <c>$(PORT)</c> stays too: only the driver knows the port, and expands it at the start.
/// </summary>
internal static class VariableExpansion
{
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
        {
            return text;
        }

        var expanded = new StringBuilder(text.Length);
        var position = 0;
        while (position < text.Length)
        {
            if (text[position] != '$' || position + 1 == text.Length)
            {
                expanded.Append(text[position++]);
                continue;
            }

            if (text[position + 1] == '$')
            {
                expanded.Append('$');
                position += 2;
                continue;
            }

            var end = text[position + 1] == '(' ? text.IndexOf(')', position) : -1;
            if (end < 0)
            {
                expanded.Append(text[position++]);
                continue;
            }

            var name = text[(position + 2)..end];
            expanded.Append(variables.TryGetValue(name, out var value) ? value : text[position..(end + 1)]);
            position = end + 1;
        }

        return expanded.ToString();
    }
}
