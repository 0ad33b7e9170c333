using Slipway.Control.Tests.World;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Tests.Serving;

public sealed class NamespaceTests
{
    [Fact]
    public async Task The_default_namespace_exists_and_every_namespace_has_a_phase_a_label_and_an_account()
    {
        await using var world = new ControlWorld();
        await world.Store.CreateAsync(new Resource(Kinds.Namespace, new ObjectMeta { Name = "team" }, "{}"u8.ToArray()), WriteOptions.Default, default);
        await world.Settle();

        foreach (var name in new[] { "default", "team" })
        {
            var item = world.Store.Get(new ResourceKey(Kinds.Namespace, "", name))!;
            Assert.Equal("Active", item.Read("status", KindsJson.Default.NamespaceStatus)!.Phase);
            Assert.Equal(name, item.Metadata.Label("kubernetes.io/metadata.name"));
            Assert.NotNull(world.Store.Get(new ResourceKey(Kinds.ServiceAccount, name, "default")));
        }
    }

    [Fact]
    public async Task A_deleted_default_account_is_made_again()
    {
        await using var world = new ControlWorld();
        await world.Settle();
        var key = new ResourceKey(Kinds.ServiceAccount, "default", "default");
        await world.Store.DeleteAsync(key, DeleteOptions.Default, default);
        await world.Settle();
        Assert.NotNull(world.Store.Get(key));
    }
}
