using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Sdk.Retries;

namespace Slipway.Sdk.Tests.Retries;

public sealed class RequestHashTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[1,2,{"c":null,"d":"x"}]}""", """{ "b" : [1, 2, {"d":"x","c":null}], "a":1 }""", true)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"a":1}""", """{"a":"1"}""", false)]
    [InlineData("""{"a":null}""", "{}", false)]
    [InlineData("{\"a\":\"\\ud800\"}", "{\"a\":\"\\ud800\"}", true)]
    [InlineData("{\"\\ud800\":1}", "{\"\\ud800\":2}", false)]
    [InlineData("not json", "not json", true)]
    [InlineData("not json", "not  json", false)]
    public void What_means_the_same_is_the_same(string one, string other, bool same) => Assert.Equal(same, Canonical(one) == Canonical(other));

    [Fact]
    public void The_order_of_members_never_counts() => Prop.ForAll<Dictionary<NonNull<string>, int>, int>((members, turn) =>
    {
        var names = members.Keys.Select(key => key.Get).Distinct().ToList();
        var turned = names.Skip(Math.Abs(turn % (names.Count + 1))).Concat(names.Take(Math.Abs(turn % (names.Count + 1))));
        return Canonical(Write(names, members)) == Canonical(Write(turned, members));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_are_too_strange() => Prop.ForAll<byte[]>(bytes =>
    {
        _ = RequestHash.Canonical(bytes ?? []);
    }).QuickCheckThrowOnFailure();

    private static string Canonical(string body) => Encoding.UTF8.GetString(RequestHash.Canonical(Encoding.UTF8.GetBytes(body)).Span);

    private static string Write(IEnumerable<string> names, Dictionary<NonNull<string>, int> members)
    {
        var document = new JsonObject();
        foreach (var name in names)
        {
            document[name] = members.First(member => member.Key.Get == name).Value;
        }

        return document.ToJsonString();
    }
}
