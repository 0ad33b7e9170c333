using System.Text.Json;
using Slipway.TodoApi.Tests.Scenes;

namespace Slipway.TodoApi.Tests.Lists;

public sealed class ListTests(TodoScene scene) : IClassFixture<TodoScene>
{
    [Fact]
    public async Task Everyone_has_one_inbox_even_when_first_needed_by_many_at_once()
    {
        var ann = scene.Person();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => ann.TodoAsync($"todo {number}")));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ann.GetAsync("/api/v1/lists")));

        var lists = await ListsAsync(ann);
        var inbox = Assert.Single(lists);
        Assert.True(inbox.GetProperty("inbox").GetBoolean());
        Assert.Equal(8, inbox.GetProperty("openCount").GetInt64());
        (await ann.DeleteAsync("/api/v1/lists/" + inbox.Id(), 1)).Problem(409, "inbox");
        (await ann.PostAsync($"/api/v1/lists/{inbox.Id()}/invitations", """{"email":"bob@example.test"}""")).Problem(409, "notShareable");
    }

    [Fact]
    public async Task A_list_is_made_renamed_coloured_and_placed()
    {
        var ann = scene.Person();
        var (work, home) = (await ann.ListAsync("Work"), await ann.ListAsync("Home"));

        (await ann.PatchAsync("/api/v1/lists/" + work.Id(), """{"name":"Job"}""")).Problem(428);
        var renamed = Person.Expect(await ann.PatchAsync("/api/v1/lists/" + work.Id(), """{"name":"Job","color":"#ff8800"}""", 1), 200);
        Assert.Equal(("Job", "#ff8800", 2), (renamed.Text("name"), renamed.Text("color"), renamed.Version()));
        var plain = Person.Expect(await ann.PatchAsync("/api/v1/lists/" + work.Id(), """{"color":null}""", 2), 200);
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("color").ValueKind);
        Person.Expect(await ann.PatchAsync("/api/v1/lists/" + home.Id(), """{"afterId":null}""", 1), 200);
        Assert.Equal(["Home", "Job", "Inbox"], (await ListsAsync(ann)).Select(list => list.Text("name")));
        Person.Expect(await ann.PatchAsync("/api/v1/lists/" + home.Id(), $$"""{"afterId":"{{work.Id()}}"}""", 1), 200);
        Assert.Equal(["Job", "Home", "Inbox"], (await ListsAsync(ann)).Select(list => list.Text("name")));
        (await ann.PatchAsync("/api/v1/lists/" + home.Id(), """{"color":"javascript:alert(1)","name":7}""", 1)).Problem(422);
        (await ann.PostAsync("/api/v1/lists", """{"name":""}""")).Problem(422);
    }

    [Fact]
    public async Task A_deleted_list_waits_in_the_trash()
    {
        var ann = scene.Person();
        var list = await ann.ListAsync("Old");
        await ann.TodoAsync("inside", $"\"listId\":\"{list.Id()}\"");

        Person.Expect(await ann.DeleteAsync("/api/v1/lists/" + list.Id(), 1), 204);
        Person.Expect(await ann.DeleteAsync("/api/v1/lists/" + list.Id(), 1), 204);

        (await ann.GetAsync("/api/v1/lists/" + list.Id())).Problem(404);
        Assert.Equal("Old", Assert.Single(Person.Expect(await ann.GetAsync("/api/v1/lists?deleted=only"), 200).GetProperty("items").EnumerateArray()).Text("name"));
        (await ann.PostAsync("/api/v1/todos", $$"""{"title":"x","listId":"{{list.Id()}}"}""")).Problem(409, "listDeleted");
        Person.Expect(await ann.PostAsync($"/api/v1/lists/{list.Id()}/restore"), 200);
        Assert.Equal(["inside"], await ann.TitlesAsync("?listId=" + list.Id()));
    }

    [Fact]
    public async Task Somebody_who_is_invited_joins_with_the_role_that_was_offered()
    {
        var (ann, bob) = (scene.Person(), scene.Person("Bob"));
        var list = await ann.ListAsync("Trip");
        await ann.TodoAsync("tickets", $"\"listId\":\"{list.Id()}\"");
        var sent = Person.Expect(await ann.PostAsync($"/api/v1/lists/{list.Id()}/invitations", $$"""{"email":"  {{bob.Email.ToUpperInvariant()}} ","role":"viewer"}"""), 201);
        Person.Expect(await ann.PostAsync($"/api/v1/lists/{list.Id()}/invitations", $$"""{"email":"{{bob.Email}}","role":"editor"}"""), 201);

        var seen = Assert.Single(Person.Expect(await bob.GetAsync("/api/v1/invitations"), 200).GetProperty("items").EnumerateArray());
        Assert.Equal((sent.Id(), "Trip", "editor", "Ann"), (seen.Id(), seen.Text("listName"), seen.Text("role"), seen.GetProperty("invitedBy").Text("name")));
        Assert.Empty(await bob.TitlesAsync());
        Person.Expect(await bob.PostAsync($"/api/v1/invitations/{seen.Id()}/accept"), 200);
        (await bob.PostAsync($"/api/v1/invitations/{seen.Id()}/accept")).Problem(404);

        Assert.Equal(["tickets"], await bob.TitlesAsync());
        var members = Person.Expect(await bob.GetAsync($"/api/v1/lists/{list.Id()}/members"), 200).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["owner", "editor"], members.Select(member => member.Text("role")));
        Assert.Equal(bob.Email, members[1].Text("email"));
        var shared = Person.Expect(await bob.GetAsync("/api/v1/lists/" + list.Id()), 200);
        Assert.True(shared.GetProperty("shared").GetBoolean());
        (await ann.PostAsync($"/api/v1/lists/{list.Id()}/invitations", $$"""{"email":"{{bob.Email}}"}""")).Problem(409, "alreadyMember");
        Person.Expect(await bob.DeleteAsync($"/api/v1/lists/{list.Id()}/members/{bob.Id}"), 204);
        (await bob.GetAsync("/api/v1/lists/" + list.Id())).Problem(404);
        (await ann.DeleteAsync($"/api/v1/lists/{list.Id()}/members/{ann.Id}")).Problem(409, "owner");
    }

    [Fact]
    public async Task An_invitation_counts_only_for_a_proven_address_and_can_be_declined_or_withdrawn()
    {
        var (ann, bob) = (scene.Person(), scene.Person("Bob"));
        var list = await ann.ListAsync("Trip");
        var first = Person.Expect(await ann.PostAsync($"/api/v1/lists/{list.Id()}/invitations", $$"""{"email":"{{bob.Email}}"}"""), 201);
        using var client = scene.Service.NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", scene.Issuer.Token("todo", Guid.NewGuid(), TodoScene.AllScopes, change: claims =>
        {
            claims["email"] = bob.Email;
            claims["email_verified"] = false;
        }));
        var pretender = new Person(Guid.NewGuid(), bob.Email, "", client);

        Assert.Empty(Person.Expect(await pretender.GetAsync("/api/v1/invitations"), 200).GetProperty("items").EnumerateArray());
        (await pretender.PostAsync($"/api/v1/invitations/{first.Id()}/accept")).Problem(404);
        Person.Expect(await bob.PostAsync($"/api/v1/invitations/{first.Id()}/decline"), 200);
        (await bob.PostAsync($"/api/v1/invitations/{first.Id()}/accept")).Problem(404);
        var second = Person.Expect(await ann.PostAsync($"/api/v1/lists/{list.Id()}/invitations", $$"""{"email":"{{bob.Email}}"}"""), 201);
        Assert.Single(Person.Expect(await ann.GetAsync($"/api/v1/lists/{list.Id()}/invitations"), 200).GetProperty("items").EnumerateArray());
        Person.Expect(await ann.DeleteAsync($"/api/v1/lists/{list.Id()}/invitations/{second.Id()}"), 204);
        (await bob.PostAsync($"/api/v1/invitations/{second.Id()}/accept")).Problem(404);
    }

    [Fact]
    public async Task Who_made_shared_and_left_a_list_stands_in_the_audit_trail_and_in_the_figures()
    {
        var (ann, bob) = (scene.Person(), scene.Person("Bob"));
        var list = await ann.ListAsync("Watched");
        await ann.ShareAsync(list.Id(), bob, "viewer");
        await bob.DeleteAsync($"/api/v1/lists/{list.Id()}/members/{bob.Id}");

        var trail = await scene.Database.TextAsync(
            $"select string_agg(action || ' by ' || case actor_id when '{ann.Id}' then 'Ann' else 'Bob' end, ', ' order by at, id) from slipway.audit_entries where target_id = '{list.Id()}'");
        Assert.Equal("list.created by Ann, member.invited by Ann, member.joined by Bob, member.removed by Bob", trail);
        var metrics = (await ann.GetAsync("/metrics")).Body;
        Assert.Contains("todo_changes_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("todo_live_streams", metrics, StringComparison.Ordinal);
    }

    private static async Task<List<JsonElement>> ListsAsync(Person person) =>
        [.. Person.Expect(await person.GetAsync("/api/v1/lists"), 200).GetProperty("items").EnumerateArray()];
}
