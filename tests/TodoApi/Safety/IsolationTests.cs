using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.TodoApi.Tests.Scenes;

namespace Slipway.TodoApi.Tests.Safety;

/// <summary>Nobody sees or changes what is not theirs, at no endpoint there is.</summary>
public sealed class IsolationTests(TodoScene scene) : IClassFixture<TodoScene>
{
    private static readonly Secrets s_nothing = new("0", "0", Guid.Empty, "0", "0", "0");

    [Fact]
    public void Every_endpoint_has_an_attempt()
    {
        var endpoints = scene.Service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText is { } route
                && (route.StartsWith("/api/v1/", StringComparison.Ordinal) || route.StartsWith("/todos", StringComparison.Ordinal)))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}"));

        Assert.Equal(endpoints.Order(StringComparer.Ordinal), Attempt.On(s_nothing).Select(attempt => attempt.Endpoint).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_stranger_learns_nothing_and_changes_nothing_anywhere()
    {
        var (ann, eve) = (scene.Person(), scene.Person("Eve"));
        var secrets = await SecretsOfAsync(ann, await eve.ListAsync("Eves"));
        var before = await PictureAsync(ann);
        foreach (var attempt in Attempt.On(secrets))
        {
            foreach (var version in (long?[])[null, 1])
            {
                if (attempt.Endpoint == "GET /api/v1/events")
                {
                    continue; // A stream does not end; what it tells strangers is shown where streams are tested.
                }

                var answer = await SendAsync(eve, attempt, version);
                Assert.True(answer.Status < 500, $"{attempt.Endpoint}: {answer.Body}");
                Assert.DoesNotContain(Secrets.Word, answer.Body, StringComparison.OrdinalIgnoreCase);
                if (attempt.Expected == Expected.NotFound)
                {
                    Assert.True(answer.Status == 404, $"{attempt.Endpoint} answered {answer.Status}: {answer.Body}");
                }
                else if (attempt.Endpoint.EndsWith("/batch", StringComparison.Ordinal))
                {
                    Assert.All(answer.Json().GetProperty("items").EnumerateArray(), item => Assert.Contains(item.GetProperty("status").GetInt32(), (int[])[404, 422]));
                }
            }
        }

        Assert.Equal(before, await PictureAsync(ann));
    }

    [Fact]
    public async Task Without_a_token_every_endpoint_is_closed()
    {
        using var client = scene.Service.NewClient();
        var nobody = new Person(Guid.Empty, "", "", client);
        foreach (var attempt in Attempt.On(await SomeSecretsAsync()))
        {
            (await SendAsync(nobody, attempt, null)).Problem(401, "unauthenticated");
        }
    }

    [Fact]
    public async Task A_token_without_the_scope_is_told_which_one_it_lacks()
    {
        var ann = scene.Person("Ann", null, "todo.insights:read");
        foreach (var attempt in Attempt.On(await SomeSecretsAsync()))
        {
            var problem = (await SendAsync(ann, attempt, null)).Problem(403, "missingScope");
            Assert.StartsWith("todo.", problem.Text("missingScope"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Reading_rights_do_not_write_and_writing_rights_do_not_delete()
    {
        var id = Guid.CreateVersion7();
        var all = scene.PersonWith(id, "Ann");
        var reader = scene.PersonWith(id, "Ann", null, "todo.todos:read", "todo.lists:read");
        var writer = scene.PersonWith(id, "Ann", null, "todo.todos:read", "todo.todos:write", "todo.lists:write");
        var todo = await all.TodoAsync("mine");

        (await reader.PostAsync("/api/v1/todos", """{"title":"x"}""")).Problem(403, "missingScope");
        (await writer.DeleteAsync("/api/v1/todos/" + todo.Id(), 1)).Problem(403, "missingScope");
        (await writer.PostAsync("/api/v1/todos/batch", $$"""{"operations":[{"op":"delete","id":"{{todo.Id()}}"}]}""")).Problem(403, "missingScope");
    }

    [Fact]
    public async Task A_token_without_an_account_has_no_todos()
    {
        using var client = scene.Service.NewClient();
        var token = scene.Issuer.Token("todo", Guid.NewGuid(), TodoScene.AllScopes, change: claims =>
        {
            claims.Remove("userId");
            claims["sub"] = "some-service";
        });
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);

        (await new Person(Guid.Empty, "", token, client).GetAsync("/api/v1/todos")).Problem(403, "forbidden");
    }

    [Fact]
    public async Task Whoever_was_removed_from_a_list_is_a_stranger_again()
    {
        var (ann, bob) = (scene.Person(), scene.Person("Bob"));
        var list = await ann.ListAsync("Shared " + Secrets.Word);
        await ann.ShareAsync(list.Id(), bob, "editor");
        var todo = await bob.TodoAsync("by bob " + Secrets.Word, $"\"listId\":\"{list.Id()}\"");
        Assert.Single(await bob.TitlesAsync());

        Person.Expect(await ann.DeleteAsync($"/api/v1/lists/{list.Id()}/members/{bob.Id}"), 204);

        Assert.Empty(await bob.TitlesAsync());
        (await bob.GetAsync("/api/v1/todos/" + todo.Id())).Problem(404);
        (await bob.PatchAsync("/api/v1/todos/" + todo.Id(), """{"title":"x"}""", 1)).Problem(404);
        Assert.DoesNotContain(Secrets.Word, (await bob.GetAsync("/api/v1/exports?format=json")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Secrets.Word, (await bob.GetAsync("/todos")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("viewer", 403)]
    [InlineData("editor", 200)]
    public async Task Only_an_editor_changes_the_todos_of_a_shared_list(string role, int status)
    {
        var (ann, bob) = (scene.Person(), scene.Person("Bob"));
        var list = await ann.ListAsync("Shared");
        await ann.ShareAsync(list.Id(), bob, role);
        var todo = await ann.TodoAsync("ours", $"\"listId\":\"{list.Id()}\"");
        var path = "/api/v1/todos/" + todo.Id();

        Assert.Equal(200, (await bob.GetAsync(path)).Status);
        Assert.Equal(status, (await bob.PatchAsync(path, """{"title":"changed"}""", 1)).Status);
        Assert.Equal(status, (await bob.PostAsync(path + "/complete")).Status);
        Assert.Equal(status, (await bob.PostAsync(path + "/move", "{}")).Status);
        (await bob.PatchAsync("/api/v1/lists/" + list.Id(), """{"name":"x"}""", 1)).Problem(403);
        (await bob.DeleteAsync("/api/v1/lists/" + list.Id(), 1)).Problem(403);
        (await bob.PostAsync($"/api/v1/lists/{list.Id()}/invitations", """{"email":"a@example.test"}""")).Problem(403);
        (await bob.PatchAsync($"/api/v1/lists/{list.Id()}/members/{bob.Id}", """{"role":"editor"}""")).Problem(403);
        (await bob.GetAsync($"/api/v1/lists/{list.Id()}/invitations")).Problem(403);
    }

    private static Task<Answer> SendAsync(Person person, Attempt attempt, long? version)
    {
        var headers = new List<(string, string)> { ("Content-Type", attempt is { Method: "PATCH", Type: "application/json" } && attempt.Path.StartsWith("/api/", StringComparison.Ordinal) ? "application/merge-patch+json" : attempt.Type) };
        if (version is not null)
        {
            headers.Add(("If-Match", $"\"{version}\""));
        }

        return person.SendAsync(attempt.Method, attempt.Path, attempt.Body, [.. headers]);
    }

    private async Task<Secrets> SomeSecretsAsync() => await SecretsOfAsync(scene.Person(), await scene.Person("Eve").ListAsync("Eves"));

    private async Task<Secrets> SecretsOfAsync(Person ann, System.Text.Json.JsonElement strangersList)
    {
        var bob = scene.Person("Bob");
        var list = await ann.ListAsync(Secrets.Word);
        await ann.ShareAsync(list.Id(), bob, "viewer");
        var invitation = Person.Expect(
            await ann.PostAsync($"/api/v1/lists/{list.Id()}/invitations", $$"""{"email":"{{Secrets.Word}}@example.test"}"""), 201);
        var created = await ann.PostAsync(
            "/api/v1/todos",
            $$"""{"title":"{{Secrets.Word}}","notes":"{{Secrets.Word}}","category":"{{Secrets.Word}}","tags":["{{Secrets.Word}}"],"listId":"{{list.Id()}}"}""");
        var todo = Person.Expect(created, 201);
        return new Secrets(todo.Id(), list.Id(), bob.Id, invitation.Id(), created.Header("Undo")!, strangersList.Id());
    }

    private async Task<string> PictureAsync(Person ann) => await scene.Database.TextAsync(
        $"""
        select coalesce(string_agg(row, e'\n' order by row), '') from (
            select t::text as row from todos t where user_id = '{ann.Id}'
            union all select l::text from lists l where owner_id = '{ann.Id}'
            union all select m::text from list_members m join lists l on l.id = m.list_id where l.owner_id = '{ann.Id}'
            union all select i::text from invitations i where invited_by = '{ann.Id}'
            union all select c::text from changes c where actor_id = '{ann.Id}') rows
        """);
}
