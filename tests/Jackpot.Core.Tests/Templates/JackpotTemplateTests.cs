using Jackpot.Core.Chain;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Templates;
using Jackpot.Core.Validation;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Templates;

public sealed class JackpotTemplateTests
{
    static readonly JackpotTemplate Template = new(Of(Random("mini"), MustDrop("grand")) with { Id = JackpotId.Parse("lucky"), Version = 7 });

    [Fact]
    public void An_instance_has_the_terms_of_its_template_and_names_of_its_own()
    {
        var instance = Template.Instance(JackpotId.Parse("euro-spins"), "Euro Spins");
        Assert.Equal(("euro-spins", "Euro Spins", 1), (instance.Id.Value, instance.Name, instance.Version));
        Assert.Equal(["euro-spins-mini", "euro-spins-grand"], instance.Pools.Select(pool => pool.Id.Value));
        Assert.Equal(Template.Shape.Pools, instance.Pools.Zip(Template.Shape.Pools, (pool, shape) => pool with { Id = shape.Id }));
        Assert.Empty(JackpotConfigValidator.Validate(instance));
    }

    [Fact]
    [Trait("Rule", "R11")]
    public void Each_player_has_one_personal_pot_that_does_not_tell_who_it_is()
    {
        var (anna, ben) = (new Hash16([.. Enumerable.Repeat((byte)1, 16)]), new Hash16([.. Enumerable.Repeat((byte)2, 16)]));
        Assert.Equal(Template.PersonalPot(anna), Template.PersonalPot(anna));
        Assert.NotEqual(Template.PersonalPot(anna).Id, Template.PersonalPot(ben).Id);
        Assert.Equal("lucky-01010101010101010101010101010101-mini", Template.PersonalPot(anna).Pools[0].Id.Value);
    }

    [Fact]
    public void A_name_that_leaves_no_room_is_refused() =>
        Assert.Throws<FormatException>(() => Template.Instance(JackpotId.Parse(new string('x', 60)), "x"));
}
