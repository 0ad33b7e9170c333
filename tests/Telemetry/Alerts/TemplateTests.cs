using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Alerts.Templates;

namespace Slipway.Telemetry.Tests.Alerts;

public sealed class TemplateTests
{
    private static readonly Dictionary<string, object?> s_labels = new() { ["service"] = "cart", ["instance"] = "10.0.0.1:8080", ["empty"] = "" };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{ $labels.service }} and {{ .Labels.service }}", "cart and cart")]
    [InlineData("{{ $labels.missing }}!", "!")]
    [InlineData("{{ $value }}", "0.0625")]
    [InlineData("{{ printf \"%.2f\" $value }}", "0.06")]
    [InlineData("{{ $value | printf \"%6.1f|\" }}", "   0.1|")]
    [InlineData("{{ printf \"%-6s|%03d|%t|%q\" $labels.service 7 true \"x\" }}", "cart  |007|true|\"x\"")]
    [InlineData("{{ $value | humanizePercentage }}", "6.25%")]
    [InlineData("{{ humanize 1234567.0 }}", "1.235M")]
    [InlineData("{{ humanize 0.00042 }}", "420u")]
    [InlineData("{{ humanize1024 1048576 }}", "1Mi")]
    [InlineData("{{ humanizeDuration 90061 }}", "1d 1h 1m 1s")]
    [InlineData("{{ humanizeDuration 0.25 }}", "250ms")]
    [InlineData("{{ humanizeDuration 12.5 }}", "12.5s")]
    [InlineData("{{ humanizeTimestamp 0 }}", "1970-01-01 00:00:00 +0000 UTC")]
    [InlineData("{{ if eq $labels.service \"cart\" }}yes{{ else }}no{{ end }}", "yes")]
    [InlineData("{{ if $labels.empty }}a{{ else if gt $value 1.0 }}b{{ else }}c{{ end }}", "c")]
    [InlineData("{{ with $labels.service }}<{{ . }}>{{ end }}", "<cart>")]
    [InlineData("{{ range $name, $text := .Labels }}{{ $name }}={{ $text }};{{ end }}", "empty=;instance=10.0.0.1:8080;service=cart;")]
    [InlineData("{{ $x := toUpper $labels.service }}{{ $x }}", "CART")]
    [InlineData("a {{- /* nothing */ -}} b", "ab")]
    [InlineData("{{ $labels.instance | stripPort }}", "10.0.0.1")]
    [InlineData("{{ reReplaceAll \"c(.)rt\" \"$1\" $labels.service }}", "a")]
    [InlineData("{{ (index .Labels \"service\") | title }}", "Cart")]
    [InlineData("{{ \"}}\" }}", "}}")]
    public void It_is_filled_in_as_people_are_used_to(string template, string text) => Assert.Equal(text, Fill(template, 0.0625));

    [Theory]
    [InlineData(1e21, "1e+21")]
    [InlineData(123456789, "123456789")]
    [InlineData(1e-5, "1e-05")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    public void Numbers_look_as_Go_writes_them(double value, string text) => Assert.Equal(text, Fill("{{ $value }}", value));

    [Theory]
    [InlineData("{{ $labels.service", "a {{ has no }}")]
    [InlineData("{{ humanise $value }}", "there is no function \"humanise\"")]
    [InlineData("{{ if $value }}x", "a block has no {{end}}")]
    [InlineData("{{ end }}", "unexpected {{end}}")]
    [InlineData("{{ template \"x\" }}", "{{template}} is not supported")]
    [InlineData("{{ $labels.a $value }}", "only functions take arguments")]
    [InlineData("{{ }}", "a value is missing")]
    [InlineData("{{ query \"up\" }}", "there is no function \"query\"")]
    public void A_mistake_is_found_when_it_is_read(string template, string words) =>
        Assert.Contains(words, Assert.Throws<TemplateException>(() => Template.Parse(template)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{{ printf \"%d\" }}")]
    [InlineData("{{ humanize $labels.service }}")]
    [InlineData("{{ $unknown }}")]
    [InlineData("{{ $value.x }}")]
    public void What_cannot_be_filled_in_is_told_and_does_not_crash(string template) => Assert.Throws<TemplateException>(() => Fill(template, 1));

    [Fact]
    public void Whatever_is_written_it_is_read_or_refused_and_never_more() => Prop.ForAll(
        Gen.ArrayOf(Gen.Elements("{{", "}}", "-", " ", "$labels", ".a", "|", "(", ")", "if", "end", "else", "range", "printf", "\"%s\"", "\"", "1", "$x", ":=", ",", "humanize", "with", "é")).ToArbitrary(),
        pieces =>
        {
            try
            {
                Fill(string.Concat(pieces), 1);
            }
            catch (TemplateException)
            {
                // Refused in words.
            }
        }).QuickCheckThrowOnFailure();

    private static string Fill(string template, double value) => Template.Parse(template).Fill(
        new Dictionary<string, object?> { ["Labels"] = s_labels, ["Value"] = value },
        new Dictionary<string, object?> { ["labels"] = s_labels, ["value"] = value });
}
