using Slipway.Cli.Telemetry;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Telemetry;

public sealed class LogQuestionTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Theory]
    [InlineData("orders", null, null, null, "{namespace=\"shop\", service=\"orders\"}")]
    [InlineData(null, null, null, null, "{namespace=\"shop\"}")]
    [InlineData("pod/orders-1", null, null, null, "{namespace=\"shop\", instance=\"orders-1\"}")]
    [InlineData("orders", "error", null, "a \"b\" \\c", "{namespace=\"shop\", service=\"orders\", level=~\"error|critical\"} |= \"a \\\"b\\\" \\\\c\"")]
    [InlineData(null, null, Trace, null, "{namespace=~\".+\"} |= \"4bf92f3577b34da6a3ce929d0e0e4736\"")]
    public void Options_come_to_one_query(string? word, string? level, string? trace, string? text, string query) =>
        Assert.Equal(query, LogQuestion.Of("shop", word, level, trace, text));

    [Fact]
    public void A_level_nobody_knows_is_told_with_those_there_are()
    {
        var failure = Assert.Throws<CliFailure>(() => LogQuestion.Of("default", "a", "loud", null, null));

        Assert.StartsWith("--level:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("warning", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_that_is_none_is_refused_before_anybody_is_asked() =>
        Assert.StartsWith("--trace:", Assert.Throws<CliFailure>(() => LogQuestion.Of("default", null, null, "4bf9", null)).Message, StringComparison.Ordinal);
}
