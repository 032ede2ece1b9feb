module tidemill.org/bench/go_map

go 1.19
