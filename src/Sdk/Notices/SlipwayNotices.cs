using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Notices;

/// <summary>Lets the instances of a service tell each other what they commit.</summary>
public static class SlipwayNotices
{
    /// <param name="channel">A plain word that no other service in the same database uses.</param>
    public static void UseNotices<TReader>(this SlipwayService service, string channel)
        where TReader : class, INoticeReader
    {
        service.Services.AddSingleton(new NoticeChannel(channel));
        service.Services.AddSingleton<InstanceNotices>();
        service.Services.AddSingleton<INoticeReader>(provider => provider.GetRequiredService<TReader>());
        service.Services.AddHostedService<NoticeListener>();
        service.Services.AddHostedService<NoticeAnnouncer>();
    }
}
