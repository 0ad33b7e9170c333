using System.Net;
using Slipway.Runtime.Endpoints;

namespace Slipway.Runtime.Tests.Endpoints;

public sealed class EndpointDirectoryTests
{
    private static readonly RevisionKey s_hello = new("default", "hello-00001");
    private readonly EndpointDirectory _directory = new();
    private readonly List<RevisionEndpoints> _news = [];

    public EndpointDirectoryTests() => _directory.Changed += _news.Add;

    [Fact]
    public void An_unknown_revision_has_no_instance()
    {
        var found = _directory.Find(s_hello);

        Assert.Equal(s_hello, found.Revision);
        Assert.Empty(found.Ready);
        Assert.Null(found.Unavailable);
    }

    [Fact]
    public void What_is_published_is_found_and_announced()
    {
        _directory.Publish(WithPorts(20000, 20001));

        Assert.Equal([20000, 20001], _directory.Find(s_hello).Ready.Select(endpoint => endpoint.Address.Port));
        Assert.Single(_directory.All);
        Assert.Single(_news);
    }

    [Fact]
    public void Publishing_the_same_picture_again_is_silent()
    {
        _directory.Publish(WithPorts(20000));
        _directory.Publish(WithPorts(20000));
        _directory.Publish(WithPorts(20000) with { ConcurrencyMax = 5 });

        Assert.Equal([10, 5], _news.Select(news => news.ConcurrencyMax));
    }

    [Fact]
    public void A_removed_revision_is_announced_as_empty_once()
    {
        _directory.Publish(WithPorts(20000));
        _directory.Remove(s_hello);
        _directory.Remove(s_hello);

        Assert.Equal(2, _news.Count);
        Assert.Empty(_news[^1].Ready);
        Assert.Empty(_directory.All);
    }

    private static RevisionEndpoints WithPorts(params int[] ports) =>
        new(s_hello, [.. ports.Select(port => new Endpoint($"hello-{port}", new IPEndPoint(IPAddress.Loopback, port)))], 10, false);
}
