using Microsoft.AspNetCore.Builder;
using Slipway.Sdk.Service;

namespace Titanic.Api;

/// <summary>The passengers of the Titanic: records, search and statistics over HTTP, and the page in front of them.</summary>
public static class TitanicService
{
    public const string Name = "titanic";

    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null) =>
        SlipwayService.Create(Name, args, options);

    public static void Map(WebApplication app)
    {
    }
}
