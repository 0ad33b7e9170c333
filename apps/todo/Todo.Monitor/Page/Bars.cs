using System.Globalization;

namespace Todo.Monitor.Page;

/// <summary>
/// A row of bars, one for each minute or day. Shape tells as much as colour does: tall works, half sleeps, crossed is
/// trouble, one on a foot of its own had trouble for a while, a dot has no data.
/// </summary>
internal static class Bars
{
    private const int Width = 8;
    private const int Gap = 2;
    private const int Height = 32;

    public static void Write(Html page, IReadOnlyList<string> statuses, string summary)
    {
        var width = (statuses.Count * (Width + Gap)) - Gap;
        page.Raw(string.Create(CultureInfo.InvariantCulture, $"<svg class=\"bars\" viewBox=\"0 0 {width} {Height}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\""))
            .Text(summary)
            .Raw("\">");
        for (var index = 0; index < statuses.Count; index++)
        {
            Bar(page, index * (Width + Gap), statuses[index]);
        }

        page.Raw("</svg>");
    }

    private static void Bar(Html page, int x, string status)
    {
        switch (status)
        {
            case "up":
                page.Raw(string.Create(CultureInfo.InvariantCulture, $"<rect class=\"up\" x=\"{x}\" y=\"0\" width=\"{Width}\" height=\"{Height}\"/>"));
                break;
            case "part":
                page.Raw(string.Create(
                    CultureInfo.InvariantCulture,
                    $"<rect class=\"up\" x=\"{x}\" y=\"0\" width=\"{Width}\" height=\"{Height - 14}\"/><path class=\"foot\" d=\"M{x} {Height - 10} h{Width} v10 h-{Width} z\"/>"));
                break;
            case "idle":
                page.Raw(string.Create(CultureInfo.InvariantCulture, $"<rect class=\"idle\" x=\"{x}\" y=\"{Height / 2}\" width=\"{Width}\" height=\"{Height / 2}\"/>"));
                break;
            case "down":
                page.Raw(string.Create(
                    CultureInfo.InvariantCulture,
                    $"<rect class=\"down\" x=\"{x}\" y=\"0\" width=\"{Width}\" height=\"{Height}\"/><path class=\"cross\" d=\"M{x} 4 L{x + Width} {Height - 4} M{x + Width} 4 L{x} {Height - 4}\"/>"));
                break;
            default:
                page.Raw(string.Create(CultureInfo.InvariantCulture, $"<rect class=\"none\" x=\"{x + 2}\" y=\"{Height - 4}\" width=\"{Width - 4}\" height=\"4\"/>"));
                break;
        }
    }
}
