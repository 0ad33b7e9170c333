using System.Text;

namespace Slipway.Sdk.Hosting.Conformance;

/// <summary>
/// The rules for writes: repeating one is safe, and nobody overwrites what they have not seen. A service's test project
/// derives from it: <c>public sealed class Writes(MyWrites subject) : WriteConformanceSuite(subject), IClassFixture&lt;MyWrites&gt;;</c>
/// </summary>
public abstract class WriteConformanceSuite(WriteSubject subject)
{
    [Fact]
    public async Task A_new_thing_comes_with_its_address_and_version()
    {
        var created = await PostAsync(Name(), null);

        Assert.True(created.Status == 201, created.Body);
        Assert.NotNull(created.Header("Location"));
        Assert.Matches("^\"[^\"]+\"$", created.Header("ETag"));
    }

    [Fact]
    public async Task A_repeated_write_answers_the_same_and_happens_once()
    {
        var (name, key) = (Name(), Guid.NewGuid().ToString());

        var first = await PostAsync(name, key);
        var again = await PostAsync(name, key);

        Assert.Equal((201, "false"), (first.Status, first.Header("Idempotency-Replayed")));
        Assert.Equal((201, "true"), (again.Status, again.Header("Idempotency-Replayed")));
        Assert.Equal((first.Body, first.Header("Location"), first.Header("ETag")), (again.Body, again.Header("Location"), again.Header("ETag")));
        Assert.Equal(1, await subject.CountAsync(name));
    }

    [Fact]
    public async Task A_write_repeated_many_times_at_once_happens_once()
    {
        var (name, key) = (Name(), Guid.NewGuid().ToString());

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PostAsync(name, key)));

        Assert.All(answers, answer => Assert.True(answer.Status is 201 or 409, answer.Body));
        Assert.Single(answers, answer => answer.Status == 201 && answer.Header("Idempotency-Replayed") == "false");
        Assert.Equal(1, await subject.CountAsync(name));
    }

    [Fact]
    public async Task A_key_cannot_be_used_for_another_body()
    {
        var (name, other, key) = (Name(), Name(), Guid.NewGuid().ToString());
        await PostAsync(name, key);

        (await PostAsync(other, key)).Problem(422, "idempotencyKeyReused");

        Assert.Equal(0, await subject.CountAsync(other));
    }

    [Fact]
    public async Task A_key_is_its_callers_own()
    {
        var (name, key) = (Name(), Guid.NewGuid().ToString());
        var mine = await PostAsync(name, key);
        var theirs = await PostAsync(name, key, second: true);

        Assert.Equal("false", theirs.Header("Idempotency-Replayed"));
        Assert.NotEqual(mine.Header("Location"), theirs.Header("Location"));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("has a blank in it")]
    public async Task A_key_that_cannot_be_one_is_refused(string key) => (await PostAsync(Name(), key)).Problem(400, "idempotencyKeyMalformed");

    [Fact]
    public async Task A_change_must_name_the_version_it_changes()
    {
        var created = await PostAsync(Name(), null);

        (await PatchAsync(created, Name(), null)).Problem(428, "versionRequired");
    }

    [Fact]
    public async Task A_change_of_an_old_version_is_refused_and_names_the_current_one()
    {
        var created = await PostAsync(Name(), null);
        var changed = await PatchAsync(created, Name(), created.Header("ETag"));
        Assert.True(changed.Status == 200, changed.Body);
        Assert.NotEqual(created.Header("ETag"), changed.Header("ETag"));

        var stale = await PatchAsync(created, Name(), created.Header("ETag"));

        stale.Problem(412, "versionMismatch");
        Assert.Equal(changed.Header("ETag"), stale.Header("ETag"));
    }

    [Fact]
    public async Task Of_two_changes_of_one_version_one_is_refused()
    {
        var created = await PostAsync(Name(), null);

        var answers = await Task.WhenAll(PatchAsync(created, Name(), created.Header("ETag")), PatchAsync(created, Name(), created.Header("ETag")));

        Assert.Equal([200, 412], answers.Select(answer => answer.Status).Order());
    }

    [Fact]
    public async Task A_patch_names_the_member_nobody_knows()
    {
        var created = await PostAsync(Name(), null);
        using var request = Request(HttpMethod.Patch, subject.ItemPath(created), false);
        request.Headers.TryAddWithoutValidation("If-Match", created.Header("ETag"));
        request.Content = new StringContent("""{"definitelyUnknown":1}""", Encoding.UTF8, "application/merge-patch+json");

        var problem = (await Answer.OfAsync(subject.Service.Client, request)).Problem(422);

        Assert.Equal("/definitelyUnknown", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Deleting_again_is_no_mistake()
    {
        var created = await PostAsync(Name(), null);

        Assert.Equal(204, (await DeleteAsync(created)).Status);
        Assert.Equal(204, (await DeleteAsync(created)).Status);
    }

    private async Task<Answer> PostAsync(string name, string? key, bool second = false)
    {
        using var request = Request(HttpMethod.Post, subject.CollectionPath, second);
        request.Content = new StringContent(subject.NewBody(name), Encoding.UTF8, "application/json");
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return await Answer.OfAsync(subject.Service.Client, request);
    }

    private async Task<Answer> PatchAsync(Answer created, string name, string? version)
    {
        using var request = Request(HttpMethod.Patch, subject.ItemPath(created), false);
        request.Content = new StringContent(subject.Patch(name), Encoding.UTF8, "application/merge-patch+json");
        if (version is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", version);
        }

        return await Answer.OfAsync(subject.Service.Client, request);
    }

    private async Task<Answer> DeleteAsync(Answer created)
    {
        using var request = Request(HttpMethod.Delete, subject.ItemPath(created), false);
        request.Headers.TryAddWithoutValidation("If-Match", created.Header("ETag"));
        return await Answer.OfAsync(subject.Service.Client, request);
    }

    private HttpRequestMessage Request(HttpMethod method, string path, bool second)
    {
        var request = new HttpRequestMessage(method, path);
        subject.Authorize(request, second);
        return request;
    }

    private static string Name() => "conformance " + Guid.NewGuid().ToString("N");
}
