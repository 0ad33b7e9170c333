using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Slipway.Registry.Content;

namespace Slipway.Registry.Tests.Distribution;

public sealed class Pushing_and_pulling
{
    private static readonly byte[] s_content = Encoding.UTF8.GetBytes("the quick brown fox");

    [Fact]
    public async Task A_blob_pushed_in_one_request_comes_back_byte_for_byte()
    {
        await using var registry = await RegistryHost.StartAsync();

        var digest = await registry.PushBlobAsync("team/app", s_content);

        Assert.Equal(s_content, await registry.Http.GetByteArrayAsync($"/v2/team/app/blobs/{digest}"));
        using var head = await registry.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/v2/team/app/blobs/{digest}"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(s_content.Length, head.Content.Headers.ContentLength);
        Assert.Equal(digest, head.Headers.GetValues("Docker-Content-Digest").Single());
    }

    [Fact]
    public async Task A_range_of_a_blob_can_be_read()
    {
        await using var registry = await RegistryHost.StartAsync();
        var digest = await registry.PushBlobAsync("app", s_content);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v2/app/blobs/{digest}") { Headers = { Range = new RangeHeaderValue(4, 8) } };
        using var response = await registry.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal("quick", await response.Content.ReadAsStringAsync());
        using var beyond = new HttpRequestMessage(HttpMethod.Get, $"/v2/app/blobs/{digest}") { Headers = { Range = new RangeHeaderValue(1000, 2000) } };
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await registry.Http.SendAsync(beyond)).StatusCode);
    }

    [Fact]
    public async Task A_blob_may_come_in_chunks_that_say_where_they_belong()
    {
        await using var registry = await RegistryHost.StartAsync();
        var place = await BeginAsync(registry, "app");

        var first = await PatchAsync(registry, place, s_content[..9], "0-8");
        var second = await PatchAsync(registry, place, s_content[9..], $"9-{s_content.Length - 1}");
        using var finished = await registry.Http.PutAsync($"{place}?digest={Digest.Of(s_content)}", null);

        Assert.Equal((HttpStatusCode.Accepted, "0-8"), (first.StatusCode, first.Headers.GetValues("Range").Single()));
        Assert.Equal((HttpStatusCode.Accepted, "0-18"), (second.StatusCode, second.Headers.GetValues("Range").Single()));
        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
        Assert.Equal(s_content, await registry.Http.GetByteArrayAsync(finished.Headers.Location));
    }

    [Theory]
    [InlineData("5-13", HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData("0-3", HttpStatusCode.BadRequest)]
    [InlineData("8-0", HttpStatusCode.BadRequest)]
    [InlineData("-1-8", HttpStatusCode.BadRequest)]
    [InlineData("abc", HttpStatusCode.BadRequest)]
    [InlineData("0-99999999999999999999", HttpStatusCode.BadRequest)]
    public async Task A_chunk_that_does_not_belong_is_refused_and_the_upload_goes_on(string range, HttpStatusCode expected)
    {
        await using var registry = await RegistryHost.StartAsync();
        var place = await BeginAsync(registry, "app");

        using var refused = await PatchAsync(registry, place, s_content[..9], range);

        Assert.Equal(expected, refused.StatusCode);
        using var status = await registry.Http.GetAsync(place);
        Assert.Equal(HttpStatusCode.NoContent, status.StatusCode);
        using var accepted = await PatchAsync(registry, place, s_content, $"0-{s_content.Length - 1}");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
    }

    [Fact]
    public async Task Content_that_is_not_what_its_digest_says_is_refused_and_not_kept()
    {
        await using var registry = await RegistryHost.StartAsync();
        var wrong = Digest.Of([1, 2, 3]);

        using var response = await registry.Http.PostAsync($"/v2/app/blobs/uploads/?digest={wrong}", RegistryHost.Bytes(s_content));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("DIGEST_INVALID", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await registry.Http.GetAsync($"/v2/app/blobs/{wrong}")).StatusCode);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(registry.Folder, "pending")));
    }

    [Theory]
    [InlineData("/v2/app/blobs/sha256:xyz", "DIGEST_INVALID")]
    [InlineData("/v2/app/blobs/sha512:00", "DIGEST_INVALID")]
    [InlineData("/v2/app/blobs/sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "DIGEST_INVALID")]
    [InlineData("/v2/UPPER/tags/list", "NAME_INVALID")]
    [InlineData("/v2/_blobs/tags/list", "NAME_INVALID")]
    [InlineData("/v2/a//b/tags/list", "NAME_INVALID")]
    [InlineData("/v2/a/%2e%2e%2fb/tags/list", "NAME_INVALID")]
    [InlineData("/v2/a/..%2F..%2Fetc/manifests/latest", "NAME_INVALID")]
    [InlineData("/v2/app/manifests/.hidden", "MANIFEST_INVALID")]
    [InlineData("/v2/app/manifests/a%00b", "MANIFEST_INVALID")]
    public async Task A_hostile_path_is_refused_with_the_protocols_code(string path, string code)
    {
        await using var registry = await RegistryHost.StartAsync();

        using var response = await registry.Http.GetAsync(path);

        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{response.StatusCode}: {body}");
        if (body.Length > 0)
        {
            Assert.Contains(code, body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_repositorys_blob_is_mounted_without_sending_it_and_is_otherwise_unknown()
    {
        await using var registry = await RegistryHost.StartAsync();
        var digest = await registry.PushBlobAsync("first", s_content);
        Assert.Equal(HttpStatusCode.NotFound, (await registry.Http.GetAsync($"/v2/second/blobs/{digest}")).StatusCode);

        using var mounted = await registry.Http.PostAsync($"/v2/second/blobs/uploads/?mount={digest}&from=first", null);
        using var unknown = await registry.Http.PostAsync($"/v2/second/blobs/uploads/?mount={Digest.Of([9])}&from=first", null);

        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, unknown.StatusCode);
        Assert.Equal(s_content, await registry.Http.GetByteArrayAsync($"/v2/second/blobs/{digest}"));
    }

    [Fact]
    public async Task A_manifest_needs_its_blobs_first()
    {
        await using var registry = await RegistryHost.StartAsync();
        var config = await registry.PushBlobAsync("app", "{}"u8.ToArray());

        using var response = await registry.PutManifestAsync("app", "latest", Documents.Manifest(config, Digest.Of([7]).ToString()));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("MANIFEST_BLOB_UNKNOWN", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await registry.Http.GetAsync("/v2/app/manifests/latest")).StatusCode);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"schemaVersion":1}""")]
    [InlineData("""{"schemaVersion":2}""")]
    [InlineData("""{"schemaVersion":2,"config":{"digest":"x"},"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"config":null,"layers":[null]}""")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}""")]
    public async Task A_manifest_that_makes_no_sense_is_refused(string json)
    {
        await using var registry = await RegistryHost.StartAsync();

        using var response = await registry.PutManifestAsync("app", "latest", json);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("MANIFEST_INVALID", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_of_more_than_four_mebibytes_is_refused()
    {
        await using var registry = await RegistryHost.StartAsync();

        using var response = await registry.PutManifestAsync("app", "latest", new string(' ', 4 * 1024 * 1024) + "{}");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task A_manifest_is_found_by_tag_and_digest_and_a_tag_moves()
    {
        await using var registry = await RegistryHost.StartAsync();
        var old = await registry.PushImageAsync("app", "latest", "one");

        var current = await registry.PushImageAsync("app", "latest", "two");

        Assert.NotEqual(old, current);
        using var byTag = await registry.Http.GetAsync("/v2/app/manifests/latest");
        Assert.Equal(current, byTag.Headers.GetValues("Docker-Content-Digest").Single());
        Assert.Equal(Documents.Oci, byTag.Content.Headers.ContentType!.MediaType);
        Assert.Equal(current, Digest.Of(await byTag.Content.ReadAsByteArrayAsync()).ToString());
        Assert.Equal(HttpStatusCode.OK, (await registry.Http.GetAsync($"/v2/app/manifests/{old}")).StatusCode);
    }

    [Fact]
    public async Task Deleting_a_tag_leaves_the_manifest_and_deleting_the_manifest_takes_all_its_tags()
    {
        await using var registry = await RegistryHost.StartAsync();
        var digest = await registry.PushImageAsync("app", "one");
        await registry.PushImageAsync("app", "two");
        await registry.PushImageAsync("app", "three");

        Assert.Equal(HttpStatusCode.Accepted, (await registry.Http.DeleteAsync("/v2/app/manifests/one")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await registry.Http.GetAsync($"/v2/app/manifests/{digest}")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await registry.Http.DeleteAsync($"/v2/app/manifests/{digest}")).StatusCode);

        Assert.Equal("""{"name":"app","tags":[]}""", await registry.Http.GetStringAsync("/v2/app/tags/list"));
        Assert.Equal(HttpStatusCode.NotFound, (await registry.Http.DeleteAsync($"/v2/app/manifests/{digest}")).StatusCode);
    }

    [Fact]
    public async Task What_serves_cannot_be_deleted()
    {
        var serving = new HashSet<string>();
        await using var registry = await RegistryHost.StartAsync(change: options => options with { DigestsInUse = _ => ValueTask.FromResult<IReadOnlySet<string>>(serving) });
        serving.Add(await registry.PushImageAsync("app", "latest"));

        using var response = await registry.Http.DeleteAsync($"/v2/app/manifests/{serving.Single()}");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Fact]
    public async Task Tags_come_in_order_and_in_pages()
    {
        await using var registry = await RegistryHost.StartAsync();
        foreach (var tag in new[] { "b", "c", "a", "B" })
        {
            await registry.PushImageAsync("app", tag);
        }

        Assert.Equal("""{"name":"app","tags":["B","a","b","c"]}""", await registry.Http.GetStringAsync("/v2/app/tags/list"));
        using var page = await registry.Http.GetAsync("/v2/app/tags/list?n=2");
        Assert.Equal("""{"name":"app","tags":["B","a"]}""", await page.Content.ReadAsStringAsync());
        Assert.Equal("</v2/app/tags/list?n=2&last=a>; rel=\"next\"", page.Headers.GetValues("Link").Single());
        Assert.Equal("""{"name":"app","tags":["b","c"]}""", await registry.Http.GetStringAsync("/v2/app/tags/list?n=2&last=a"));
        Assert.Equal(HttpStatusCode.BadRequest, (await registry.Http.GetAsync("/v2/app/tags/list?n=many")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await registry.Http.GetAsync("/v2/nothing/tags/list")).StatusCode);
        Assert.Equal("""{"repositories":["app"]}""", await registry.Http.GetStringAsync("/v2/_catalog"));
    }

    [Fact]
    public async Task Attachments_of_a_manifest_are_listed_and_filtered()
    {
        await using var registry = await RegistryHost.StartAsync();
        var subject = await registry.PushImageAsync("app", "latest");
        var empty = await registry.PushBlobAsync("app", "{}"u8.ToArray());

        using var put = await registry.PutManifestAsync("app", "note", Documents.Attachment(empty, subject));

        Assert.Equal(subject, put.Headers.GetValues("OCI-Subject").Single());
        var all = await registry.Http.GetStringAsync($"/v2/app/referrers/{subject}");
        Assert.Contains(put.Headers.GetValues("Docker-Content-Digest").Single(), all, StringComparison.Ordinal);
        using var other = await registry.Http.GetAsync($"/v2/app/referrers/{subject}?artifactType=application/other");
        Assert.Contains("\"manifests\":[]", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("artifactType", other.Headers.GetValues("OCI-Filters-Applied").Single());
    }

    [Fact]
    public async Task Uploads_are_bounded_and_idle_ones_expire()
    {
        await using var registry = await RegistryHost.StartAsync(change: options => options with { UploadsMax = 2 });
        var first = await BeginAsync(registry, "app");
        await BeginAsync(registry, "app");

        using var third = await registry.Http.PostAsync("/v2/app/blobs/uploads/", null);
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.True(third.Headers.RetryAfter?.Delta > TimeSpan.Zero);

        registry.Time.Advance(TimeSpan.FromHours(1));
        await BeginAsync(registry, "app");
        Assert.Equal(HttpStatusCode.NotFound, (await registry.Http.GetAsync(first)).StatusCode);
    }

    [Fact]
    public async Task An_upload_can_be_cancelled_and_is_known_only_in_its_own_repository()
    {
        await using var registry = await RegistryHost.StartAsync();
        var place = await BeginAsync(registry, "app");

        Assert.Equal(HttpStatusCode.NotFound, (await registry.Http.GetAsync(place.Replace("/app/", "/other/", StringComparison.Ordinal))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await registry.Http.DeleteAsync(place)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await registry.Http.GetAsync(place)).StatusCode);
    }

    [Fact]
    public async Task A_blob_that_a_manifest_needs_stays()
    {
        await using var registry = await RegistryHost.StartAsync();
        await registry.PushImageAsync("app", "latest", "content");
        var layer = Digest.Of(TarBytes.Of(tar => tar.File("hello.txt", "content"))).ToString();
        var loose = await registry.PushBlobAsync("app", s_content);

        Assert.Equal(HttpStatusCode.Conflict, (await registry.Http.DeleteAsync($"/v2/app/blobs/{layer}")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await registry.Http.DeleteAsync($"/v2/app/blobs/{loose}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await registry.Http.GetAsync($"/v2/app/blobs/{loose}")).StatusCode);
    }

    private static async Task<string> BeginAsync(RegistryHost registry, string repository)
    {
        using var response = await registry.Http.PostAsync($"/v2/{repository}/blobs/uploads/", null);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    private static Task<HttpResponseMessage> PatchAsync(RegistryHost registry, string place, byte[] chunk, string range)
    {
        var body = RegistryHost.Bytes(chunk);
        body.Headers.TryAddWithoutValidation("Content-Range", range);
        return registry.Http.PatchAsync(place, body);
    }
}
