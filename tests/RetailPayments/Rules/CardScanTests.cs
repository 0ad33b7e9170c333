using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using Retail.Payments.Cards;

namespace Slipway.RetailPayments.Tests.Rules;

public sealed class CardScanTests
{
    [Theory]
    [InlineData("""{"card":"4242424242424242"}""", "/card")]
    [InlineData("""{"a":[{"b":"x"},{"b":"pay 4242 4242 4242 4242 now"}]}""", "/a/1/b")]
    [InlineData("""{"a":[[1,2],["4242-4242-4242-4242"]]}""", "/a/1/0")]
    [InlineData("""{"n":4242424242424242}""", "/n")]
    [InlineData("""{"n":"\u0034242424242424242"}""", "/n")]
    [InlineData("""{"a/b~c":"378282246310005"}""", "/a~1b~0c")]
    [InlineData("""{"x":"3782 822463 10005"}""", "/x")]
    [InlineData("""{"4242424242424242":1}""", "/*")]
    [InlineData("\"4000.0000.0000.0002\"", "")]
    [InlineData("number=4242424242424242&cvc=1", "")]
    [InlineData("""{"broken": 4242424242424242""", "")]
    public void A_number_is_found_wherever_it_is(string body, string pointer) => Assert.Equal(pointer, CardScan.Find(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("""{"card":"4242424242424241"}""")]
    [InlineData("""{"id":"01990000-1234-7111-8111-424242424242"}""")]
    [InlineData("""{"amount":4990,"at":"2026-01-15T09:30:00.123Z","ref":"pi_3abc"}""")]
    [InlineData("""{"zero":"0000000000000000"}""")]
    [InlineData("")]
    [InlineData("{")]
    public void What_is_no_number_is_left_alone(string body) => Assert.Null(CardScan.Find(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Every_right_number_is_found_in_every_disguise() => Properties.Hold(
        from length in Gen.Choose(13, 19)
        from digits in Gen.Choose(0, 9).ArrayOf(length)
        from separator in Gen.Elements("", " ", "-")
        from before in Gen.Elements("", "card ", "x", "№")
        select (digits, separator, before),
        sample =>
        {
            sample.digits[0] = 4;
            var number = Checked(sample.digits);
            var grouped = string.Join(sample.separator, number.Chunk(4).Select(group => new string(group)));
            var body = JsonSerializer.Serialize(sample.before + grouped, TextJson.Default.String);
            return CardScan.Find(Encoding.UTF8.GetBytes($$"""{"a":{"b":[0,{{body}}] } }""")) == "/a/b/1";
        });

    [Fact]
    public void No_id_is_taken_for_a_number() => Properties.Hold(
        Gen.Choose(0, 255).ArrayOf(16),
        bytes => CardScan.Find(Encoding.UTF8.GetBytes($$"""{"id":"{{new Guid([.. bytes.Select(value => (byte)value)])}}"}""")) is null,
        count: 5000);

    /// <summary>With the last digit made right.</summary>
    private static string Checked(int[] digits)
    {
        for (var last = 0; ; last++)
        {
            digits[^1] = last;
            var sum = digits.Reverse().Select((digit, i) => i % 2 == 1 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit).Sum();
            if (sum % 10 == 0)
            {
                return string.Concat(digits);
            }
        }
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class TextJson : System.Text.Json.Serialization.JsonSerializerContext;
