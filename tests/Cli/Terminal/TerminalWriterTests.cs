using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Terminal;

public sealed class TerminalWriterTests
{
    [Fact]
    public void Columns_are_as_wide_as_their_widest_cell_whatever_the_colours()
    {
        var output = new StringWriter();
        new TerminalWriter(output, TextWriter.Null).Table(["NAME", "READY"], [["a", "\e[32mTrue\e[0m"], ["longer", "False"]]);
        Assert.Equal($"NAME    READY\na       \e[32mTrue\e[0m\nlonger  False\n", output.ToString());
    }

    [Fact]
    public void The_same_progress_is_told_once()
    {
        var error = new StringWriter();
        var writer = new TerminalWriter(TextWriter.Null, error);
        writer.Progress("starting the database");
        writer.Progress("starting the database");
        writer.Progress("");
        writer.Progress("opening the store");
        Assert.Equal("  starting the database\n  opening the store\n", error.ToString());
    }
}
