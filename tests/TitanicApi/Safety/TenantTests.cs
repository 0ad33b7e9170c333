using Slipway.Sdk.Hosting.Conformance;
using Slipway.TitanicApi.Tests.Scenes;
using Titanic.Api.Endpoints;

namespace Slipway.TitanicApi.Tests.Safety;

public sealed class TenantTests(TitanicScene scene) : IClassFixture<TitanicScene>
{
    private static readonly string[] s_tables = ["people", "person_words", "name_words", "person_keys", "person_changes", "imports"];

    [Fact]
    public async Task Without_a_tenant_the_database_shows_nothing_and_another_tenant_sees_nothing_of_the_first()
    {
        var admin = scene.Admin(null, "olympic", "gigantic");
        await admin.AddAsync("Seen, Mr. Only Here", "", ("X-Tenant", "olympic"));
        await admin.SendAsync("POST", "/people/import", "PassengerId,Survived,Pclass,Name,Sex\n5001,1,1,x,male\n", "text/csv", ("X-Tenant", "olympic"));

        foreach (var table in s_tables)
        {
            Assert.NotEqual("0", await scene.Database.AsTenantAsync("olympic", $"select count(*) from {table}"));
            Assert.Equal("0", await scene.Database.AsTenantAsync(null, $"select count(*) from {table}"));
            Assert.Equal("0", await scene.Database.AsTenantAsync("", $"select count(*) from {table}"));
            Assert.Equal("0", await scene.Database.AsTenantAsync("gigantic", $"select count(*) from {table}"));
        }

        Assert.Equal("0", await scene.Database.AsTenantAsync("gigantic", "with gone as (delete from people returning 1) select count(*) from gone"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => scene.Database.AsTenantAsync("gigantic", "update people set tenant = 'olympic'; insert into person_words values ('olympic', 'x', 1)"));
        Assert.Empty((await admin.GetAsync("/people", ("X-Tenant", "gigantic"))).Items());
        Assert.Empty((await admin.GetAsync("/people/search?q=seen", ("X-Tenant", "gigantic"))).Items());
        Assert.Single((await admin.GetAsync("/people/search?q=seen", ("X-Tenant", "olympic"))).Items());
        Assert.Single((await admin.GetAsync("/people?name=seen", ("Host", "olympic.titanic.localhost"))).Items());
    }

    [Fact]
    public async Task The_same_number_is_another_person_in_another_tenant()
    {
        var admin = scene.Admin(null, "olympic", "britannic");
        var one = await admin.AddAsync("One, Mr. A", ""","passengerId":77""", ("X-Tenant", "olympic"));
        var other = await admin.AddAsync("Other, Mr. B", ""","passengerId":77""", ("X-Tenant", "britannic"));

        Assert.Equal("One, Mr. A", (await admin.GetAsync("/people/77", ("X-Tenant", "olympic"))).Ok().Text("name"));
        Assert.Equal("Other, Mr. B", (await admin.GetAsync("/people/77", ("X-Tenant", "britannic"))).Ok().Text("name"));
        (await admin.GetAsync(one.Path(), ("X-Tenant", "britannic"))).Problem(404, "notFound");
        (await admin.DeleteAsync(one.Path(), ("X-Tenant", "britannic"), ("If-Match", "*"))).Problem(404, "notFound");
        (await admin.GetAsync(other.Path() + "/history", ("X-Tenant", "olympic"))).Problem(404, "notFound");
    }

    [Fact]
    public async Task A_tenant_that_is_not_everybodys_is_for_callers_with_its_role()
    {
        (await scene.Nobody().GetAsync("/people", ("X-Tenant", "olympic"))).Problem(401, "unauthenticated");
        (await scene.Admin().GetAsync("/people", ("X-Tenant", "olympic"))).Problem(403, "notYourTenant");
        (await scene.Admin(null, "olympic").GetAsync("/people", ("X-Tenant", "nowhere"))).Problem(403, "notYourTenant");
        (await scene.Admin(null, "olympic").GetAsync("/people", ("X-Tenant", "Olympic' or 1=1"))).Problem(403, "notYourTenant");
        Assert.Equal(200, (await scene.Nobody().GetAsync("/people", ("X-Tenant", "titanic"))).Status);
    }

    [Fact]
    public async Task Reading_is_open_or_not_and_writing_always_needs_its_scope()
    {
        await using var closed = await (await scene.StartAsync(("AUTH_MODE", "required"))).UntilReadyAsync();
        const string Body = """{"survived":true,"passengerClass":1,"name":"x","sex":"male"}""";

        Assert.Equal(200, (await scene.Nobody().GetAsync("/people")).Status);
        (await scene.Nobody(closed).GetAsync("/people")).Problem(401, "unauthenticated");
        Assert.Equal(200, (await scene.Person([AccessMode.Read], service: closed).GetAsync("/people")).Status);
        (await scene.Nobody().PostAsync("/people", Body)).Problem(401, "unauthenticated");
        (await scene.Person([AccessMode.Read]).PostAsync("/people", Body)).Problem(403, "missingScope");
        (await scene.Person([AccessMode.Write]).PostAsync("/people/expand", """{"target":1}""")).Problem(403, "missingScope");
        (await scene.Nobody().GetAsync("/people?deleted=true")).Problem(401, "unauthenticated");
        (await scene.Person([AccessMode.Write]).GetAsync("/people?deleted=true")).Problem(403, "missingScope");
        (await scene.Person([AccessMode.Write]).GetAsync("/audit")).Problem(403, "missingScope");
        using var client = scene.Service.NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", scene.Issuer.ApiKey(Guid.CreateVersion7(), AccessMode.Write));
        Assert.Equal(201, (await new Person(client).PostAsync("/people", Body)).Status);
    }

    [Fact]
    public async Task Calls_of_one_caller_are_limited_and_told_so()
    {
        await using var limited = await (await scene.StartAsync(("LIMITS", "on"), ("RATE_LIMIT", "3/600"))).UntilReadyAsync();
        var (one, other) = (scene.Admin(limited), scene.Admin(limited));
        for (var call = 0; call < 3; call++)
        {
            Assert.Equal(200, (await one.GetAsync("/people")).Status);
        }

        var refused = await one.GetAsync("/api/v1/people");

        refused.Problem(429, "tooManyRequests");
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal(200, (await other.GetAsync("/people")).Status);
    }
}
