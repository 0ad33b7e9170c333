using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.TitanicApi.Tests.People;
using Slipway.TitanicApi.Tests.Safety;
using Slipway.TitanicApi.Tests.Scenes;
using Titanic.Api.Graph;

namespace Slipway.TitanicApi.Tests.Graph;

public sealed class GraphTests(FilledScene scene) : IClassFixture<FilledScene>
{
    [Fact]
    public async Task A_query_gets_what_it_asks_for_and_nothing_else()
    {
        var data = await DataAsync(
            """
            query Oldest($c: [Int!]!, $n: Int = 3) { # the oldest women of some classes
              old: people(filter: { class: $c, sex: female, survived: true }, sort: "-age", first: $n) { items { name, years: age __typename } totalCount hasNextPage endCursor }
              first: person(passengerId: 1) { passengerId name }
              nobody: person(uuid: "00000000-0000-0000-0000-000000000000") { name }
              stats(groupBy: [class]) { items { group { class } survived } all { count } }
            }
            """,
            """{"c":[1,2]}""");

        var old = data.GetProperty("old");
        Assert.Equal((3, 161, true), (old.GetProperty("items").GetArrayLength(), old.Number("totalCount"), old.GetProperty("hasNextPage").GetBoolean()));
        Assert.Equal(["name", "years", "__typename"], old.GetProperty("items")[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(("Person", 1), (old.GetProperty("items")[0].Text("__typename"), data.GetProperty("first").Number("passengerId")));
        Assert.Equal(JsonValueKind.Null, data.GetProperty("nobody").ValueKind);
        Assert.Equal([136, 87, 119], data.GetProperty("stats").GetProperty("items").EnumerateArray().Select(item => item.Number("survived")));
        var next = await DataAsync("query($a: String) { people(filter: {class: [1,2], sex: female, survived: true}, sort: \"-age\", first: 3, after: $a) { items { name } } }", new JsonObject { ["a"] = old.Text("endCursor") }.ToJsonString());
        Assert.Equal(3, next.GetProperty("people").GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("mutation { x }", "mutation")]
    [InlineData("subscription { x }", "subscription")]
    [InlineData("{ people { ...all } } fragment all on People { totalCount }", "Fragments")]
    [InlineData("{ people { ... on People { totalCount } } }", "Fragments")]
    [InlineData("{ people @skip(if: true) { totalCount } }", "Directives")]
    [InlineData("{ __schema { types { name } } }", "schema")]
    [InlineData("{ persons { name } }", "There is no field persons")]
    [InlineData("{ person(passengerId: 1) { password } }", "There is no field password")]
    [InlineData("{ person(passengerId: 1) }", "Say which fields")]
    [InlineData("{ person(passengerId: 1) { name { first } } }", "has no parts")]
    [InlineData("{ person { name } }", "by uuid or by passengerId")]
    [InlineData("{ people(filter: {klass: 1}) { totalCount } }", "klass")]
    [InlineData("{ people(filter: {deleted: true}) { totalCount } }", "deleted")]
    [InlineData("{ people(filter: {class: 9}) { totalCount } }", "class must be one of")]
    [InlineData("{ people(where: 1) { totalCount } }", "no argument where")]
    [InlineData("query($a: Int!) { people(first: $a) { totalCount } }", "needs a value")]
    [InlineData("{ people(first: $b) { totalCount } }", "not declared")]
    [InlineData("{ a: people { totalCount } a: people { totalCount } }", "same name")]
    [InlineData("{ people { totalCount }", "expected")]
    [InlineData("{ people(first: \"", "never closed")]
    [InlineData("{}", "At least one field")]
    [InlineData("{ people { totalCount } } { stats { all { count } } }", "one query")]
    public async Task What_is_not_understood_is_said_with_its_place(string query, string said)
    {
        var errors = (await AskAsync(query)).Ok().GetProperty("errors");

        Assert.Contains(said, errors[0].Text("message"), StringComparison.Ordinal);
        Assert.True(errors[0].GetProperty("locations")[0].Number("line") >= 1);
    }

    [Fact]
    public async Task Nothing_can_be_asked_that_costs_without_end()
    {
        string[] hostile =
        [
            string.Concat(Enumerable.Repeat("{ a ", 5_000)),
            "{ people(filter: " + string.Concat(Enumerable.Repeat("[", 3_000)) + "1",
            "{ " + string.Concat(Enumerable.Range(0, 50).Select(at => $"q{at}: people(first: 200) {{ items {{ name }} totalCount }} ")) + "}",
            "{ people { " + string.Concat(Enumerable.Range(0, 400).Select(at => $"t{at}: totalCount ")) + "} }",
            new string('{', 9_000),
            "query($a: " + new string('[', 5_000),
        ];
        foreach (var query in hostile)
        {
            Assert.True((await AskAsync(query)).Ok().TryGetProperty("errors", out _));
        }

        (await scene.Nobody().PostAsync("/graphql", new JsonObject { ["query"] = new string(' ', 70_000) }.ToJsonString())).Problem(413, "tooLarge");
        Assert.Equal(["/query"], (await scene.Nobody().PostAsync("/graphql", "{}")).ErrorsAt());
        Assert.Equal(["/extensions"], (await scene.Nobody().PostAsync("/graphql", """{"query":"{stats{all{count}}}","extensions":{}}""")).ErrorsAt());
    }

    [Fact]
    public void Whatever_is_sent_is_read_or_refused() => Properties.Hold(
        from pieces in Gen.ListOf(Gen.Elements("{", "}", "(", ")", "[", "]", ":", "!", "=", "...", "@", "$a", "$", "query", "people", "filter", "\"x\"", "\"", "\\u00", "1", "-", "1e9999", "true", "null", "#", "\n", "é", "\0", "a:b"))
        select string.Join(' ', pieces),
        query =>
        {
            try
            {
                return GraphQuery.Read(query, null).Count > 0;
            }
            catch (GraphException)
            {
                return true;
            }
        },
        count: 2_000);

    [Fact]
    public async Task Spreads_add_up_to_everybody_and_curves_begin_with_all_of_them()
    {
        var ages = (await scene.Nobody().GetAsync("/people/histogram?of=age&bins=8")).Ok();
        var fares = (await scene.Nobody().GetAsync("/people/histogram?of=fare&bins=100&class=1")).Ok();
        var curves = (await scene.Nobody().GetAsync("/people/survival?by=age&group=sex")).Ok().GetProperty("curves").EnumerateArray().ToList();

        Assert.Equal((8, 714, 177), (ages.GetProperty("bins").GetArrayLength(), ages.GetProperty("bins").EnumerateArray().Sum(bin => bin.Number("count")), ages.Number("unknown")));
        Assert.Equal((100, 216, 136), (fares.GetProperty("bins").GetArrayLength(), fares.GetProperty("bins").EnumerateArray().Sum(bin => bin.Number("count")), fares.GetProperty("bins").EnumerateArray().Sum(bin => bin.Number("survived"))));
        Assert.Equal(["female", "male"], curves.Select(curve => curve.Text("group")));
        Assert.Equal(714, curves.Sum(curve => curve.GetProperty("steps")[0].Number("atRisk")));
        Assert.All(curves, curve => Assert.Equal(curve.GetProperty("steps").EnumerateArray().Select(step => step.Number("atRisk")).OrderDescending(), curve.GetProperty("steps").EnumerateArray().Select(step => step.Number("atRisk"))));
        Assert.Empty((await scene.Nobody().GetAsync("/people/histogram?of=age&sex=other")).Ok().GetProperty("bins").EnumerateArray());
        Assert.Contains("of", (await scene.Nobody().GetAsync("/people/histogram?of=name")).ErrorsAt());
    }

    private Task<Answer> AskAsync(string query, string variables = "{}") =>
        scene.Nobody().PostAsync("/graphql", new JsonObject { ["query"] = query, ["variables"] = JsonNode.Parse(variables) }.ToJsonString());

    private async Task<JsonElement> DataAsync(string query, string variables = "{}")
    {
        var answer = (await AskAsync(query, variables)).Ok();
        Assert.True(answer.TryGetProperty("data", out var data), answer.ToString());
        return data;
    }
}
