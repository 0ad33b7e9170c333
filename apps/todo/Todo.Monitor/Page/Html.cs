using System.Text;
using System.Text.Encodings.Web;

namespace Todo.Monitor.Page;

/// <summary>Writes markup; whatever is not markup goes through <see cref="Text"/> and comes out harmless.</summary>
internal sealed class Html
{
    private readonly StringBuilder _page = new(32_768);

    public Html Raw(string markup)
    {
        _page.Append(markup);
        return this;
    }

    public Html Text(string text)
    {
        _page.Append(HtmlEncoder.Default.Encode(text));
        return this;
    }

    /// <summary>An element without attributes around text.</summary>
    public Html Element(string name, string text) => Raw($"<{name}>").Text(text).Raw($"</{name}>");

    public override string ToString() => _page.ToString();
}
