using System.Text.Json.Serialization.Metadata;
using Slipway.Api.Platform.Requests;

namespace Slipway.Api.Platform.Answers;

/// <summary>Turns a page into an answer.</summary>
internal static class ListAnswer
{
    public static Answer Of<T>(Page<T> page, JsonTypeInfo<ListView<T>> type) => Of(page, item => item, type);

    public static Answer Of<T, TView>(Page<T> page, Func<T, TView> show, JsonTypeInfo<ListView<TView>> type)
    {
        var view = new PageView(page.Limit, page.Next, page.Previous);
        return new Answer.Document<ListView<TView>>(new ListView<TView>([.. page.Items.Select(show)], view), type, 200, null) { Page = view };
    }
}
