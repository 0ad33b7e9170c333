namespace Slipway.Cli.Terminal;

/// <summary>Output for people: colours only on a terminal and only unless NO_COLOR says otherwise.</summary>
internal sealed class TerminalWriter(TextWriter output, TextWriter error)
{
    private readonly bool _colours = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";
    private string _progress = "";

    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>Columns there are; what programs read is never cut to a window.</summary>
    public int Width => IsTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : 120;

    public bool IsTerminal => ReferenceEquals(Output, Console.Out) && !Console.IsOutputRedirected;

    public void Line(string text = "") => Output.WriteLine(text);

    public void Fail(string text) => Error.WriteLine($"{(Console.IsErrorRedirected ? "slipway:" : Red("slipway:"))} {text}");

    /// <summary>News about something that takes a while, once per change, on the error stream so that pipes stay clean.</summary>
    public void Progress(string text)
    {
        if (text != _progress && text.Length > 0)
        {
            _progress = text;
            Error.WriteLine($"  {text}");
        }
    }

    public string Green(string text) => Paint(text, 32);

    public string Yellow(string text) => Paint(text, 33);

    public string Red(string text) => Paint(text, 31);

    public string Dim(string text) => Paint(text, 2);

    public string Bold(string text) => Paint(text, 1);

    /// <summary>Columns as wide as their widest cell, two blanks apart.</summary>
    public void Table(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = header.Select((title, column) => rows.Select(row => Visible(row[column])).Append(title.Length).Max()).ToArray();
        Line(string.Join("  ", header.Select((title, column) => column == header.Count - 1 ? title : title.PadRight(widths[column]))).TrimEnd());
        foreach (var row in rows)
        {
            Line(string.Join("  ", row.Select((cell, column) =>
                column == row.Count - 1 ? cell : cell + new string(' ', widths[column] - Visible(cell)))).TrimEnd());
        }
    }

    private static int Visible(string text)
    {
        var visible = 0;
        var inEscape = false;
        foreach (var character in text)
        {
            if (character == '\e')
            {
                inEscape = true;
            }
            else if (!inEscape)
            {
                visible++;
            }
            else if (character == 'm')
            {
                inEscape = false;
            }
        }

        return visible;
    }

    private string Paint(string text, int colour) => _colours ? $"\e[{colour}m{text}\e[0m" : text;
}
