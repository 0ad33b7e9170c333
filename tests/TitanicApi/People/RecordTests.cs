using System.Text.Json;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.TitanicApi.Tests.Scenes;
using Titanic.Api.Endpoints;
using Titanic.Api.People;

namespace Slipway.TitanicApi.Tests.People;

public sealed class RecordTests(TitanicScene scene) : IClassFixture<TitanicScene>
{
    [Fact]
    public async Task A_person_can_be_added_read_changed_deleted_and_restored_at_both_addresses()
    {
        var admin = scene.Admin();
        var created = await admin.PostAsync(
            "/people", """{"survived":true,"passengerClass":1,"name":" Byquist, Miss. Ylva ","sex":"female","age":0.42,"siblingsOrSpousesAboard":1,"fare":512.3292,"cabin":"B 5","embarked":"C"}""");
        var id = created.Ok(201).Text("uuid");

        Assert.Equal("Byquist, Miss. Ylva", created.Json().Text("name"));
        Assert.Equal($"/api/v1/people/{id}", created.Path());
        foreach (var path in new[] { $"/people/{id}", $"/api/v1/people/{created.Json().Number("passengerId")}" })
        {
            Assert.Equal(created.Body, (await scene.Nobody().GetAsync(path, ("Accept", "text/html"))).Body);
        }

        var changed = await admin.PatchAsync($"/people/{id}", """{"age":null,"cabin":null,"survived":false}""", created.ETag());
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, 2), (changed.Ok().GetProperty("age").ValueKind, changed.Json().GetProperty("cabin").ValueKind, changed.Json().Number("version")));
        Assert.Equal(changed.Body, (await admin.PatchAsync($"/people/{id}", """{"survived":false}""", changed.ETag())).Body);
        var replaced = await admin.PutAsync($"/people/{id}", """{"survived":true,"passengerClass":2,"name":"New","sex":"other"}""", ("If-Match", changed.ETag()));
        Assert.Equal((2, 0m), (replaced.Ok().Number("passengerClass"), replaced.Json().GetProperty("fare").GetDecimal()));
        Assert.Equal(204, (await admin.DeleteAsync($"/people/{id}", ("If-Match", replaced.ETag()))).Status);
        (await admin.GetAsync($"/people/{id}")).Problem(404, "notFound");
        Assert.NotNull((await admin.GetAsync($"/people/{id}?deleted=true")).Ok().Text("deletedAt"));
        Assert.Contains("New", (await admin.GetAsync("/people?deleted=true")).Names());
        (await admin.PatchAsync($"/people/{id}", """{"survived":false}""", "*")).Problem(404, "notFound");
        Assert.Equal("New", (await admin.PostAsync($"/people/{id}/restore", "")).Ok().Text("name"));
        Assert.Equal(200, (await admin.GetAsync($"/people/{id}")).Status);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_body_is_told_at_once()
    {
        var answer = await scene.Admin().PostAsync(
            "/people", """{"passengerClass":4,"name":"a\nb","sex":"unknown","age":120.5,"siblingsOrSpousesAboard":-1,"fare":1.23456,"embarked":"X","passengerId":0,"ticket":"123456789012345678901234567890123456789012345678901"}""");

        Assert.Equal(
            ["/age", "/embarked", "/fare", "/name", "/passengerClass", "/passengerId", "/sex", "/siblingsOrSpousesAboard", "/survived", "/ticket"], answer.ErrorsAt().Order(StringComparer.Ordinal));
        (await scene.Admin().PostAsync("/people", """{"survived":"yes","passengerClass":1,"name":"x","sex":"male"}""")).Problem(422, "invalid");
        Assert.Equal(["/age"], (await scene.Admin().PatchAsync((await scene.Admin().AddAsync("x")).Path(), """{"age":"old"}""", "*")).ErrorsAt());
    }

    [Fact]
    public async Task Numbers_are_unique_and_given_where_none_is_said()
    {
        var admin = scene.Admin();
        var next = (await admin.AddAsync("First")).Json().Number("passengerId") + 1;
        await admin.AddAsync("In the way", $",\"passengerId\":{next}");

        (await admin.PostAsync("/people", $$"""{"survived":true,"passengerClass":1,"name":"x","sex":"male","passengerId":{{next}}}""")).Problem(409, "passengerIdTaken");
        var numbers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await admin.AddAsync("Together")).Json().Number("passengerId")));

        Assert.Equal(8, numbers.Distinct().Count());
        Assert.DoesNotContain(next, numbers);
    }

    [Fact]
    public async Task Who_has_an_answer_already_is_not_sent_it_again()
    {
        var created = await scene.Admin().AddAsync("Known, Mr. Well");

        var known = await scene.Nobody().GetAsync(created.Path(), ("If-None-Match", created.ETag()));
        var list = await scene.Nobody().GetAsync("/people?name=known+well");
        var same = await scene.Nobody().GetAsync("/people?name=known+well", ("If-None-Match", list.ETag()));

        Assert.Equal((304, ""), (known.Status, known.Body));
        Assert.Equal((304, ""), (same.Status, same.Body));
        (await scene.Nobody().GetAsync("/people/abc")).Problem(404, "notFound");
        (await scene.Nobody().GetAsync("/people/99999999999")).Problem(404, "notFound");
    }

    [Fact]
    public async Task Answers_tell_their_trace_and_every_request_is_counted_under_its_endpoint()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var answer = await scene.Nobody().GetAsync("/people/481516234", ("traceparent", $"00-{Trace}-00f067aa0ba902b7-01"));
        await scene.Nobody().GetAsync("/people");

        Assert.Equal(Trace, answer.Header("X-Trace-Id"));
        Assert.StartsWith($"00-{Trace}-", answer.Header("traceparent"), StringComparison.Ordinal);
        var metrics = (await scene.Nobody().GetAsync("/metrics", ("Accept", "application/openmetrics-text"))).Body;
        Assert.Contains("api_requests_total{method=\"GET\",endpoint=\"/people/{id}\",status=\"404\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("api_response_latency_seconds_bucket{method=\"GET\",endpoint=\"/people\",le=\"0.005\"}", metrics, StringComparison.Ordinal);
        Assert.Matches("api_response_latency_seconds_bucket\\{[^}]*\\} \\d+ # \\{trace_id=\"[0-9a-f]{32}\"", metrics);
        foreach (var name in new[] { "db_query_duration_seconds", "db_pool_connections", "people_total" })
        {
            Assert.Contains("# TYPE " + name, metrics, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("481516234", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_names_the_members_that_are_written()
    {
        var person = new Titanic.Api.People.Person
        {
            Uuid = Guid.NewGuid(),
            PassengerId = 1,
            Content = new PersonContent { Survived = true, Class = 1, Name = "x", Sex = "male" },
            HoldReason = "y",
            CreatedAt = default,
            UpdatedAt = default,
            DeletedAt = default(DateTimeOffset),
            Version = 1,
        };
        using var written = JsonDocument.Parse(PersonJson.Bytes(person));
        var described = TitanicJson.Default.PersonDocument.Properties.Select(property => property.Name);

        Assert.Equal(described.Order(StringComparer.Ordinal), written.RootElement.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Invented_people_are_added_up_to_the_target_and_no_further()
    {
        var admin = scene.Admin(null, "britannic");
        var header = ("X-Tenant", "britannic");

        var first = (await admin.PostAsync("/people/expand", """{"target":1300,"seed":5}""", header)).Ok();
        var again = (await admin.PostAsync("/people/expand", """{"target":1300,"seed":5}""", header)).Ok();

        Assert.Equal((1300, 1300, 0, 1300), (first.Number("created"), first.Number("total"), again.Number("created"), again.Number("total")));
        (await admin.PostAsync("/people/expand", """{"target":10}""", header)).Problem(409, "expandDown");
        Assert.Equal(["/target"], (await admin.PostAsync("/people/expand", """{"target":100001}""")).ErrorsAt());
        Assert.Contains("1000 invented people, seed 5", (await admin.GetAsync("/audit?action=people.invented", header)).Items().Select(item => item.Text("reason")).Last(), StringComparison.Ordinal);
    }
}
