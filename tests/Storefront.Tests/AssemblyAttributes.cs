// Each test is a whole system under load and measures it: two at once would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
