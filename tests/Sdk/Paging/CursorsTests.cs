using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Paging;

namespace Slipway.Sdk.Tests.Paging;

public sealed class CursorsTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];
    private static readonly PageRequest s_page = new(50, null, "createdAt", true);

    private readonly StandingTime _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    private readonly Cursors _cursors;

    public CursorsTests() => _cursors = new Cursors(s_key, _time);

    [Fact]
    public void The_first_page_has_no_keys() => Assert.Empty(_cursors.Read(s_page, "").Value);

    [Fact]
    public void Whatever_the_keys_are_they_come_back() => Prop.ForAll<string[]>(keys =>
    {
        var clean = (keys ?? []).Select(key => string.Concat((key ?? "").Where(character => !char.IsSurrogate(character)))).ToArray();
        return _cursors.Read(s_page with { Cursor = _cursors.Write(s_page, "f", clean) }, "f").Value.SequenceEqual(clean);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_cursor_continues_only_the_list_it_was_made_for()
    {
        var page = s_page with { Cursor = _cursors.Write(s_page, "status=open user-1", "a", "b") };

        Assert.Equal(["a", "b"], _cursors.Read(page with { Limit = 7 }, "status=open user-1").Value);
        Assert.Equal("cursorMismatch", _cursors.Read(page, "status=done user-1").Problem?.Code);
        Assert.Equal("cursorMismatch", _cursors.Read(page with { Sort = "title" }, "status=open user-1").Problem?.Code);
        Assert.Equal("cursorMismatch", _cursors.Read(page with { Descending = false }, "status=open user-1").Problem?.Code);
    }

    [Fact]
    public void A_changed_cursor_is_refused()
    {
        var cursor = _cursors.Write(s_page, "f", "key");
        for (var at = 0; at < cursor.Length; at++)
        {
            var changed = cursor.ToCharArray();
            changed[at] = (char)(changed[at] == 'A' ? 'Q' : 'A');
            Assert.Equal(400, _cursors.Read(s_page with { Cursor = new string(changed) }, "f").Problem?.Status);
        }
    }

    [Fact]
    public void Another_key_knows_nothing_of_a_cursor() =>
        Assert.Equal(400, new Cursors(new byte[32], _time).Read(s_page with { Cursor = _cursors.Write(s_page, "f", "k") }, "f").Problem?.Status);

    [Fact]
    public void No_text_breaks_the_reader() =>
        Prop.ForAll<string>(text => text is null || _cursors.Read(s_page with { Cursor = text }, "f").Problem is { Status: 400 }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_cursor_is_good_for_a_day()
    {
        var page = s_page with { Cursor = _cursors.Write(s_page, "f", "k") };

        _time.Now += TimeSpan.FromHours(24);
        Assert.Null(_cursors.Read(page, "f").Problem);
        _time.Now += TimeSpan.FromSeconds(1);

        Assert.Equal((410, "cursorExpired"), (_cursors.Read(page, "f").Problem!.Status, _cursors.Read(page, "f").Problem!.Code));
    }

    [Fact]
    public void Neighbouring_pages_are_linked_with_the_filters_of_this_one()
    {
        var http = new DefaultHttpContext();
        http.Request.Path = "/api/v1/todos";
        http.Request.QueryString = new QueryString("?status=open&cursor=old&limit=5");

        Links.Write(http.Response, new Page(5, "next+1", null, null));

        Assert.Equal("</api/v1/todos?status=open&limit=5>; rel=\"first\", </api/v1/todos?status=open&limit=5&cursor=next%2B1>; rel=\"next\"", http.Response.Headers.Link.ToString());
    }
}
