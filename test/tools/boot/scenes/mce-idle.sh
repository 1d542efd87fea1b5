# cpu max,la57=off,vendor=GenuineIntel
# Machine checks on devices without holder, twice at one place.
plan <<P
inject sh srao $(( 0x40000000 + 65536 ))
inject sh srao $(( 0x40000000 + 65536 ))
P
