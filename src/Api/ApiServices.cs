using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api.Access;
using Slipway.Api.Pods;
using Slipway.Api.Tokens;
using Slipway.Runtime.Logs;
using Slipway.Store;

namespace Slipway.Api;

/// <summary>Everything the API stands on, put together by the composition root.</summary>
public sealed record ApiServices
{
    public required IResourceStore Store { get; init; }

    public required IInstanceLogs Logs { get; init; }

    public required IInstanceRecycler Recycler { get; init; }

    public required TokenIssuer Tokens { get; init; }

    public required AccessOptions Access { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Random Random { get; init; } = Random.Shared;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public ApiOptions Options { get; init; } = new();

    /// <summary>Ends watches and followed logs when the server is told to stop, so that it need not wait for their clients.</summary>
    public CancellationToken Stopping { get; init; }
}

/// <summary>Names and bounds of the API. Every bound has the answer a caller gets when it is reached.</summary>
public sealed record ApiOptions
{
    /// <summary>The version of Slipway itself, shown behind the Kubernetes version it speaks.</summary>
    public string ProductVersion { get; init; } = "0.1.0";

    /// <summary>The region that the Cloud Run dialect shows.</summary>
    public string Region { get; init; } = "local";

    /// <summary>A larger body is refused with 413.</summary>
    public int BodyBytesMax { get; init; } = 3 * 1024 * 1024;

    /// <summary>One more watch than this is refused with 429.</summary>
    public int WatchesMax { get; init; } = 4096;

    /// <summary>A watch that names no timeout ends after this time; its client opens the next one.</summary>
    public TimeSpan WatchTimeLimit { get; init; } = TimeSpan.FromMinutes(45);

    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the remaining pages of a list stay readable; afterwards their token is answered with 410.</summary>
    public TimeSpan PageLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Lists being paged through at the same time; the oldest gives way (its next page is a 410).</summary>
    public int PagedListsMax { get; init; } = 128;
}
