using System.Text;

namespace Todo.Api.Transfer;

/// <summary>Several texts in one, set apart by a sign; the sign and the backslash themselves are escaped by a backslash.</summary>
internal static class EscapedList
{
    public static string Write(IEnumerable<string> items, char sign)
    {
        var text = new StringBuilder();
        foreach (var item in items)
        {
            text.Append(text.Length == 0 ? "" : sign);
            foreach (var character in item)
            {
                text.Append(character == sign || character == '\\' ? "\\" : "").Append(character);
            }
        }

        return text.ToString();
    }

    /// <summary>Empty items do not count.</summary>
    public static List<string> Read(string text, char sign)
    {
        var items = new List<string>();
        var item = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                item.Append(text[++at]);
            }
            else if (text[at] == sign)
            {
                Add(items, item);
            }
            else
            {
                item.Append(text[at]);
            }
        }

        Add(items, item);
        return items;
    }

    private static void Add(List<string> items, StringBuilder item)
    {
        if (item.Length > 0)
        {
            items.Add(item.ToString());
        }

        item.Clear();
    }
}
